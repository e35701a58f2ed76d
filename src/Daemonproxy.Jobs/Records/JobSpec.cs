namespace Daemonproxy.Jobs.Records;

/// <summary>The program of a job, with its arguments and settings.</summary>
/// <param name="Program">Its program.</param>
/// <param name="Arguments">Its arguments without the program, each terminated by NUL.</param>
/// <param name="Environment">
/// The changes of its environment, <c>KEY=VALUE</c> or <c>KEY</c>, each terminated by NUL.
/// </param>
/// <param name="ClearsEnvironment">True if it starts with an empty environment.</param>
/// <param name="Directory">Its working directory; null for the daemon's.</param>
/// <param name="Limits">Its resource limits, with blanks between them.</param>
/// <param name="HasInput">True if a file has its standard input.</param>
internal sealed record JobSpec(
    string Program,
    byte[] Arguments,
    byte[] Environment,
    bool ClearsEnvironment,
    string? Directory,
    string Limits,
    bool HasInput)
{
    // Larger ones are read again when needed, since many jobs may wait.
    private const int MostKept = 2000;

    /// <summary>True if it is kept in memory until its job is started.</summary>
    public bool IsSmall => Arguments.Length + Environment.Length <= MostKept;
}

/// <summary>The first record of an accepted job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Spec">Its program with arguments and settings.</param>
internal sealed record NewJob(Planning.Job Job, JobSpec Spec);
