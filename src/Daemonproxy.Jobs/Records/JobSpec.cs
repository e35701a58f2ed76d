namespace Daemonproxy.Jobs.Records;

/// <summary>What a job runs.</summary>
/// <param name="Program">Its program.</param>
/// <param name="Arguments">Its arguments without the program, a NUL behind each.</param>
/// <param name="Environment">The changes of its environment, <c>KEY=VALUE</c> or <c>KEY</c>, a NUL behind each.</param>
/// <param name="ClearsEnvironment">Whether it starts from no variables.</param>
/// <param name="Directory">Its working directory; null for the daemon's.</param>
/// <param name="Limits">Its resource limits, with blanks between them.</param>
/// <param name="HasInput">Whether there is a file with its standard input.</param>
internal sealed record JobSpec(
    string Program,
    byte[] Arguments,
    byte[] Environment,
    bool ClearsEnvironment,
    string? Directory,
    string Limits,
    bool HasInput)
{
    // Larger ones are read again when they are needed: many jobs may wait.
    private const int MostKept = 2000;

    /// <summary>Whether it is kept in memory until its job is started.</summary>
    public bool IsSmall => Arguments.Length + Environment.Length <= MostKept;
}

/// <summary>A job that is accepted, as it is recorded first.</summary>
/// <param name="Job">The job.</param>
/// <param name="Spec">What it runs.</param>
internal sealed record NewJob(Planning.Job Job, JobSpec Spec);
