namespace Daemonproxy.Jobs;

/// <summary>Why the program of a job could not be executed.</summary>
/// <param name="Step">
/// The step that failed, such as <c>execute</c> or <c>dir</c>; docs/SETTINGS.md lists the steps.
/// </param>
/// <param name="Error">The error as errno(3) names it: <c>ENOENT</c>.</param>
/// <param name="Subject">The object of the step, such as a path, cut to 63 bytes.</param>
public sealed record JobFailure(string Step, string Error, string Subject);
