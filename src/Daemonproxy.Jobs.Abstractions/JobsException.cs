using System;

namespace Daemonproxy.Jobs;

/// <summary>What went wrong.</summary>
public enum JobsFault
{
    /// <summary>The request is not valid; the text says what of it.</summary>
    BadRequest,

    /// <summary>There is no such job.</summary>
    NotFound,

    /// <summary>A job has the name already, or somebody else's service in the daemon has it.</summary>
    NameTaken,

    /// <summary>The job is not over.</summary>
    NotOver,

    /// <summary>The job is over.</summary>
    IsOver,

    /// <summary>Arguments or environment are larger than the kernel or the daemon takes.</summary>
    TooLarge,

    /// <summary>As many jobs are queued as are allowed.</summary>
    QueueFull,

    /// <summary>The disk of the records and outputs is full.</summary>
    DiskFull,

    /// <summary>Records or outputs cannot be read or written.</summary>
    Storage,

    /// <summary>Another process uses the directory.</summary>
    DirectoryInUse,

    /// <summary>Another application of the same name has its jobs in this daemon.</summary>
    ApplicationTaken,

    /// <summary>
    /// The control socket does not let this application run jobs: its right or its prefix is another one.
    /// </summary>
    NotAllowed,

    /// <summary>The output is not there any more.</summary>
    OutputGone,

    /// <summary>The application has not started its jobs yet, or has ended.</summary>
    NotRunning,
}

/// <summary>Something about a job did not work. Its text is one sentence.</summary>
public sealed class JobsException : Exception
{
    /// <summary>A fault, as a test may need one.</summary>
    /// <param name="fault">What went wrong.</param>
    /// <param name="message">One sentence about it.</param>
    /// <param name="cause">What is behind it.</param>
    public JobsException(JobsFault fault, string message, Exception? cause = null)
        : base(message, cause) => Fault = fault;

    /// <summary>What went wrong.</summary>
    public JobsFault Fault { get; }
}
