using System.Text.Json.Serialization;

namespace Daemonproxy.Jobs;

/// <summary>The processes of a job that a stop reaches.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobReach>))]
public enum JobReach
{
    /// <summary>Unknown: the job has not run yet.</summary>
    Unknown,

    /// <summary>The processes of its session: one that calls setsid(2) is not reached.</summary>
    Session,

    /// <summary>All processes: the control socket has <c>cgroup=</c>.</summary>
    ControlGroup,
}
