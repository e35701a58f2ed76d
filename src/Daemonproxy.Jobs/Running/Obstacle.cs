namespace Daemonproxy.Jobs.Running;

/// <summary>Why this application can run no jobs in the daemon.</summary>
/// <param name="Fault">The fault of the exception that callers get.</param>
/// <param name="Text">One sentence.</param>
internal sealed record Obstacle(JobsFault Fault, string Text);
