using System.Text.Json.Serialization;

namespace Daemonproxy.Jobs;

/// <summary>The status of a job.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobStatus>))]
public enum JobStatus
{
    /// <summary>It waits for its turn in its queue, for its next try, or for the daemon.</summary>
    Queued,

    /// <summary>The daemon was asked to start it.</summary>
    Starting,

    /// <summary>Its process runs.</summary>
    Running,

    /// <summary>It exited with code 0.</summary>
    Succeeded,

    /// <summary>It exited with another code, was killed by a signal, or could not be started.</summary>
    Failed,

    /// <summary>It was stopped by a caller.</summary>
    Stopped,

    /// <summary>It was stopped because it exceeded its time limit.</summary>
    TimedOut,

    /// <summary>
    /// Its outcome is unknown: the daemon was killed and has lost its state, or another controller deleted its service.
    /// It is not started again.
    /// </summary>
    Lost,
}
