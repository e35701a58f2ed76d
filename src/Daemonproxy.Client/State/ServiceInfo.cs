namespace Daemonproxy.Client;

/// <summary>The phase of a service's life.</summary>
public enum ServicePhase
{
    /// <summary>It never ran, or a start that it waited for was cancelled.</summary>
    Never,

    /// <summary>A start is due.</summary>
    Waiting,

    /// <summary>It runs.</summary>
    Up,

    /// <summary>It ran, and exited with a code.</summary>
    Exited,

    /// <summary>It ran, and was killed by a signal.</summary>
    Killed,
}

/// <summary>A service, as it was last told.</summary>
/// <param name="Name">Its name.</param>
public sealed record ServiceInfo(ServiceName Name)
{
    /// <summary>The phase of its life.</summary>
    public ServicePhase Phase { get; init; }

    /// <summary>The time it entered the phase, or its start is due if it waits. Null if it never ran.</summary>
    public Instant? Since { get; init; }

    /// <summary>The process that runs or ran last; null if there was none, and while a start is due.</summary>
    public int? Pid { get; init; }

    /// <summary>The code of one that exited.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that killed one.</summary>
    public Signal? KilledBy { get; init; }

    /// <summary>The length of the last run, once it is over.</summary>
    public Seconds? Ran { get; init; }

    /// <summary>The reason why its last start failed; null if it did not.</summary>
    public ServiceFailedEvent? Failure { get; init; }

    /// <summary>Its command line.</summary>
    public TextList Args { get; init; }

    /// <summary>Its metadata.</summary>
    public TextList Tags { get; init; }

    /// <summary>The names of its descriptors 0, 1, 2 and so on; until told otherwise, what a new service has.</summary>
    public TextList Fds { get; init; } = ["null", "null", "null"];

    /// <summary>The least time from start to start when it is started by itself; null if it is not.</summary>
    public Seconds? AutoUpInterval { get; init; }

    /// <summary>The triggers that start it.</summary>
    public TextList AutoUpTriggers { get; init; }

    /// <summary>How it tells that it is ready; null for not at all.</summary>
    public ReadyWaySet? Ready { get; init; }

    /// <summary>How many descriptors it may leave with the daemon.</summary>
    public long Store { get; init; }

    /// <summary>What it has said about itself; empty if it has not since its last start.</summary>
    public string Status { get; init; } = "";

    /// <summary>When it told that it is ready; null if it has not, or has ended or been started since.</summary>
    public Instant? ReadySince { get; init; }

    /// <summary>When it was stopped, if it is being stopped or held down; null if it is not.</summary>
    public Instant? StoppedSince { get; init; }

    /// <summary>When SIGKILL comes to one that is being stopped.</summary>
    public Instant? KillAt { get; init; }

    /// <summary>When the tree of its last run was found to be empty; null if it has none, or is not empty.</summary>
    public Instant? EmptySince { get; init; }

    /// <summary>
    /// The changes of its environment, <c>KEY=VALUE</c> or <c>KEY</c>, after <c>-</c> if it starts from nothing.
    /// </summary>
    public TextList Environment { get; init; }

    /// <summary>Its working directory; empty for the daemon's.</summary>
    public string Directory { get; init; } = "";

    /// <summary>Its root directory; empty for the daemon's.</summary>
    public string Root { get; init; } = "";

    /// <summary>Its user and groups; none for the daemon's.</summary>
    public TextList User { get; init; }

    /// <summary>Its resource limits that differ from the daemon's.</summary>
    public TextList Limits { get; init; }

    /// <summary>The attributes of its process.</summary>
    public TextList Process { get; init; }

    /// <summary>Its mount namespace; none for the daemon's.</summary>
    public TextList Mounts { get; init; }

    /// <summary>
    /// Where the control group of each of its runs is made, and what is written into it; none for the daemon's group.
    /// </summary>
    public TextList Cgroup { get; init; }

    /// <summary>The descriptor from which its arguments are read at each start; empty for none.</summary>
    public string ArgsFrom { get; init; } = "";

    /// <summary>The descriptor from which changes of its environment are read at each start; empty for none.</summary>
    public string EnvironmentFrom { get; init; } = "";

    /// <summary>Whether it is told of its descriptors from 3 on, sd_listen_fds(3).</summary>
    public bool Listens { get; init; }
}
