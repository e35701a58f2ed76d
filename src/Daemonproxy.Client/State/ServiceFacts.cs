namespace Daemonproxy.Client;

/// <summary>
/// What is known of a service beside its name: what <see cref="ServiceInfo"/> shows. Whoever follows the events of a
/// dump changes it in place, as long as nobody else has the service.
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

    /// <summary>Those of a service of which nothing has been told yet.</summary>
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
