namespace Daemonproxy.Client;

/// <summary>The phase of a service's life.</summary>
public enum ServicePhase
{
    /// <summary>It never ran, or a start that it waited for was cancelled.</summary>
    Never,

    /// <summary>It waits for a start.</summary>
    Waiting,

    /// <summary>It runs.</summary>
    Up,

    /// <summary>It ran, and exited with a code.</summary>
    Exited,

    /// <summary>It ran, and was killed by a signal.</summary>
    Killed,
}

/// <summary>A service in its last announced state.</summary>
/// <param name="Name">Its name.</param>
public sealed record ServiceInfo(ServiceName Name)
{
    internal ServiceFacts Facts = ServiceFacts.OfNew;

    /// <summary>The phase of its life.</summary>
    public ServicePhase Phase { get => Facts.Phase; init => Facts.Phase = value; }

    /// <summary>The time at which it entered the phase, or of its start if it waits. Null if it never ran.</summary>
    public Instant? Since { get => Facts.Since; init => Facts.Since = value; }

    /// <summary>The current or last process; null if there was none, and while it waits for a start.</summary>
    public int? Pid { get => Facts.Pid; init => Facts.Pid = value; }

    /// <summary>The exit code, if it exited.</summary>
    public int? ExitCode { get => Facts.ExitCode; init => Facts.ExitCode = value; }

    /// <summary>The signal, if it was killed.</summary>
    public Signal? KilledBy { get => Facts.KilledBy; init => Facts.KilledBy = value; }

    /// <summary>The length of the last run, once it is over.</summary>
    public Seconds? Ran { get => Facts.Ran; init => Facts.Ran = value; }

    /// <summary>The reason why its last start failed; null if it did not.</summary>
    public ServiceFailedEvent? Failure { get => Facts.Failure; init => Facts.Failure = value; }

    /// <summary>Its command line.</summary>
    public TextList Args { get => Facts.Args; init => Facts.Args = value; }

    /// <summary>Its metadata.</summary>
    public TextList Tags { get => Facts.Tags; init => Facts.Tags = value; }

    /// <summary>The names of its descriptors 0, 1, 2 and so on; by default those of a new service.</summary>
    public TextList Fds { get => Facts.Fds; init => Facts.Fds = value; }

    /// <summary>The least time from start to start of automatic starts; null if it has none.</summary>
    public Seconds? AutoUpInterval { get => Facts.AutoUpInterval; init => Facts.AutoUpInterval = value; }

    /// <summary>The triggers that start it.</summary>
    public TextList AutoUpTriggers { get => Facts.AutoUpTriggers; init => Facts.AutoUpTriggers = value; }

    /// <summary>The way in which it reports that it is ready; null for none.</summary>
    public ReadyWaySet? Ready { get => Facts.Ready; init => Facts.Ready = value; }

    /// <summary>The most descriptors that it may leave with the daemon.</summary>
    public long Store { get => Facts.Store; init => Facts.Store = value; }

    /// <summary>Its status text; empty if it has sent none since its last start.</summary>
    public string Status { get => Facts.Status; init => Facts.Status = value; }

    /// <summary>The time at which it became ready; null if it is not ready.</summary>
    public Instant? ReadySince { get => Facts.ReadySince; init => Facts.ReadySince = value; }

    /// <summary>The time of the stop, if it is being stopped or held down; otherwise null.</summary>
    public Instant? StoppedSince { get => Facts.StoppedSince; init => Facts.StoppedSince = value; }

    /// <summary>The time of SIGKILL, if it is being stopped.</summary>
    public Instant? KillAt { get => Facts.KillAt; init => Facts.KillAt = value; }

    /// <summary>
    /// The time at which the process tree of its last run became empty; null if it has no tree, or the tree is not
    /// empty.
    /// </summary>
    public Instant? EmptySince { get => Facts.EmptySince; init => Facts.EmptySince = value; }

    /// <summary>
    /// The changes of its environment, <c>KEY=VALUE</c> or <c>KEY</c>, after <c>-</c> if it starts with an empty
    /// environment.
    /// </summary>
    public TextList Environment { get => Facts.Environment; init => Facts.Environment = value; }

    /// <summary>Its working directory; empty for the daemon's.</summary>
    public string Directory { get => Facts.Directory; init => Facts.Directory = value; }

    /// <summary>Its root directory; empty for the daemon's.</summary>
    public string Root { get => Facts.Root; init => Facts.Root = value; }

    /// <summary>Its user and groups; none for the daemon's.</summary>
    public TextList User { get => Facts.User; init => Facts.User = value; }

    /// <summary>Its resource limits that differ from the daemon's.</summary>
    public TextList Limits { get => Facts.Limits; init => Facts.Limits = value; }

    /// <summary>The attributes of its process.</summary>
    public TextList Process { get => Facts.Process; init => Facts.Process = value; }

    /// <summary>Its mount namespace; none for the daemon's.</summary>
    public TextList Mounts { get => Facts.Mounts; init => Facts.Mounts = value; }

    /// <summary>
    /// The parent of the control group of each run, and the values of its files; empty for the daemon's group.
    /// </summary>
    public TextList Cgroup { get => Facts.Cgroup; init => Facts.Cgroup = value; }

    /// <summary>The descriptor from which its arguments are read at each start; empty for none.</summary>
    public string ArgsFrom { get => Facts.ArgsFrom; init => Facts.ArgsFrom = value; }

    /// <summary>The descriptor from which changes of its environment are read at each start; empty for none.</summary>
    public string EnvironmentFrom { get => Facts.EnvironmentFrom; init => Facts.EnvironmentFrom = value; }

    /// <summary>True if it gets LISTEN_FDS for its descriptors from 3 on, sd_listen_fds(3).</summary>
    public bool Listens { get => Facts.Listens; init => Facts.Listens = value; }
}
