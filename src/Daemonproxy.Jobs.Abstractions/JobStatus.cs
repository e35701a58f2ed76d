using System.Text.Json.Serialization;

namespace Daemonproxy.Jobs;

/// <summary>How a job stands.</summary>
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

    /// <summary>It was stopped by somebody.</summary>
    Stopped,

    /// <summary>It was stopped because its time was over.</summary>
    TimedOut,

    /// <summary>
    /// Nobody knows how it ended: the daemon was replaced by one that knows nothing of it, or somebody deleted its
    /// service. It is not started again.
    /// </summary>
    Lost,
}
