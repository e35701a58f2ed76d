namespace Daemonproxy.Jobs.Running;

/// <summary>Why this application can run no jobs in the daemon.</summary>
/// <param name="Fault">What a caller is told.</param>
/// <param name="Text">One sentence.</param>
internal sealed record Obstacle(JobsFault Fault, string Text);
