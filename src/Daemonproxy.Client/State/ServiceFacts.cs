namespace Daemonproxy.Client;

/// <summary>
/// The properties of a service besides its name, as in <see cref="ServiceInfo"/>. While events of a dump are read, they
/// are changed in place, as long as no other code has the service.
/// </summary>
internal record struct ServiceFacts
{
    public ServicePhase Phase;
    public Instant? Since;
    public int? Pid;
    public int? ExitCode;
    public Signal? KilledBy;
    public Seconds? Ran;
    public ServiceFailedEvent? Failure;
    public TextList Args;
    public TextList Tags;
    public TextList Fds;
    public Seconds? AutoUpInterval;
    public TextList AutoUpTriggers;
    public ReadyWaySet? Ready;
    public long Store;
    public string Status;
    public Instant? ReadySince;
    public Instant? StoppedSince;
    public Instant? KillAt;
    public Instant? EmptySince;
    public TextList Environment;
    public string Directory;
    public string Root;
    public TextList User;
    public TextList Limits;
    public TextList Process;
    public TextList Mounts;
    public TextList Cgroup;
    public string ArgsFrom;
    public string EnvironmentFrom;
    public bool Listens;

    /// <summary>The properties of a service before its first event.</summary>
    public static ServiceFacts OfNew { get; } = new()
    {
        Fds = ["null", "null", "null"],
        Status = "",
        Directory = "",
        Root = "",
        ArgsFrom = "",
        EnvironmentFrom = "",
    };
}
