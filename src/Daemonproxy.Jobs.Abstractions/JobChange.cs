namespace Daemonproxy.Jobs;

/// <summary>A change of a job.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Job">The job after the change; null if it was forgotten.</param>
public sealed record JobChange(string Name, JobInfo? Job);
