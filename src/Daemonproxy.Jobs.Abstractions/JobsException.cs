using System;

namespace Daemonproxy.Jobs;

/// <summary>The kind of fault.</summary>
public enum JobsFault
{
    /// <summary>The request is not valid; the message says why.</summary>
    BadRequest,

    /// <summary>There is no such job.</summary>
    NotFound,

    /// <summary>Another job has the name, or a service of another controller has it.</summary>
    NameTaken,

    /// <summary>The job is not over.</summary>
    NotOver,

    /// <summary>The job is over.</summary>
    IsOver,

    /// <summary>Arguments or environment are larger than the kernel or the daemon accepts.</summary>
    TooLarge,

    /// <summary>The limit of queued jobs is reached.</summary>
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
    /// The control socket does not allow this application to run jobs: its right or its prefix does not fit.
    /// </summary>
    NotAllowed,

    /// <summary>The output was removed.</summary>
    OutputGone,

    /// <summary>The application has not started its jobs yet, or has ended.</summary>
    NotRunning,
}

/// <summary>A call about a job failed. The message is one sentence.</summary>
public sealed class JobsException : Exception
{
    /// <summary>Makes an exception; also for tests.</summary>
    /// <param name="fault">The kind of fault.</param>
    /// <param name="message">One sentence.</param>
    /// <param name="cause">The inner exception.</param>
    public JobsException(JobsFault fault, string message, Exception? cause = null)
        : base(message, cause) => Fault = fault;

    /// <summary>The kind of fault.</summary>
    public JobsFault Fault { get; }
}
