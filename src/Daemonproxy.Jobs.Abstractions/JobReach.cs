using System.Text.Json.Serialization;

namespace Daemonproxy.Jobs;

/// <summary>Which processes of a job a stop reaches.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobReach>))]
public enum JobReach
{
    /// <summary>Not known: it has not run yet.</summary>
    Unknown,

    /// <summary>Those of its session: a process that calls setsid(2) is not reached.</summary>
    Session,

    /// <summary>All, whatever they do: the control socket has <c>cgroup=</c>.</summary>
    ControlGroup,
}
