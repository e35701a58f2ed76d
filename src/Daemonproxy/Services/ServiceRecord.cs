using System.Runtime.InteropServices;
using Daemonproxy.Access;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Settings;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>The hot fields of a service; its texts (args, tags, fds, triggers) are in the text arena.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ServiceRecord
{
    /// <summary>First, where the name tree looks for it.</summary>
    public FixedName Name;
    public ServiceState State;

    /// <summary>True if auto_up planned the start that it waits for; false if a controller requested it.</summary>
    public bool IsPlanned;

    /// <summary>True if its descriptors were ever set: until then they are the default ones.</summary>
    public bool HasFds;

    /// <summary>The process that runs, or the last one that did; 0 before the first.</summary>
    public Pid Pid;

    /// <summary>The exit code, or the number of the signal, of the run that ended.</summary>
    public int Value;

    /// <summary>Seconds from start to start; 0 when it is not started by itself.</summary>
    public int Interval;

    /// <summary>Its triggers: bit 0 is "always", bit N is signal N.</summary>
    public ulong Triggers;

    /// <summary>The time at which it entered the state.</summary>
    public Instant Since;

    /// <summary>When its last run began; none before the first.</summary>
    public Instant Started;

    /// <summary>When a start is due; meaningful while it waits.</summary>
    public Instant Due;
    public TextRef Text;

    /// <summary>The step at which the last start failed; none when it did not.</summary>
    public LaunchStep FailedStep;

    /// <summary>The error of that step.</summary>
    public Errno FailedReason;

    /// <summary>The time of the failure.</summary>
    public Instant FailedAt;

    /// <summary>True if it gets LISTEN_FDS for its descriptors from 3 on.</summary>
    public bool Listens;

    /// <summary>True if the run leads a session of its own, or has a control group of its own: its tree.</summary>
    public bool HasTree;

    /// <summary>True if the tree is that of a control group: <see cref="ServiceTextTag.RunGroup"/>.</summary>
    public bool HasGroup;

    /// <summary>True if the run is being stopped.</summary>
    public bool IsStopping;

    /// <summary>True if the service stays down until it is started again.</summary>
    public bool IsHeld;

    /// <summary>The state of the tree of an ended run.</summary>
    public TreeState Tree;

    /// <summary>The session of that tree, by the process that made it.</summary>
    public Pid Session;

    /// <summary>The walks through the tree so far, and how many of the last ones found nothing.</summary>
    public byte Walks;
    public byte EmptyWalks;

    /// <summary>True if the remaining processes of the tree were sent SIGTERM, or must not get it.</summary>
    public bool IsTreeTold;

    /// <summary>The seconds between SIGTERM and SIGKILL of the remaining processes of the tree.</summary>
    public int Leave;

    /// <summary>When the stop began.</summary>
    public Instant StopSince;

    /// <summary>The time of SIGKILL to the run, or to the rest of its tree; never if none is planned.</summary>
    public Instant KillAt;

    /// <summary>The latest time of SIGKILL, however much time the service asks for.</summary>
    public Instant KillLatest;

    /// <summary>The time of the next search of the tree.</summary>
    public Instant NextWalk;

    /// <summary>When the tree was found to be empty.</summary>
    public Instant EmptyAt;

    /// <summary>The readiness report of the next run, and its descriptor.</summary>
    public ReadyWay Ready;
    public int ReadyPlace;

    /// <summary>The readiness report of this run, and whether it has come.</summary>
    public ReadyWay RunReady;
    public bool IsReady;

    /// <summary>The reading end of the pipe of this report, + 1; 0 if there is none.</summary>
    public int ReadyPipe;

    /// <summary>The time of this report.</summary>
    public Instant ReadyAt;

    /// <summary>
    /// The most descriptors that the service may leave with the daemon; the setting, and that of this run.
    /// </summary>
    public byte Store;
    public byte RunStore;

    /// <summary>The record of the notify socket of the run, and 1; 0 when it has none.</summary>
    public int NotifyPlace;

    /// <summary>
    /// The signals that controllers have sent to this run, bit N - 1 for signal N, and when the last one was.
    /// </summary>
    public ulong SignalsSent;
    public Instant SignalSentAt;

    /// <summary>The start of the minute in which unexpected ends and failed starts are counted.</summary>
    public Instant EndsSince;

    /// <summary>Those of that minute that were left out of the log.</summary>
    public int EndsLeftOut;

    /// <summary>
    /// Ends of that minute that were logged. There is no minute when this and <see cref="FailuresLogged"/> are 0.
    /// </summary>
    public byte EndsLogged;

    /// <summary>The access through which it was made, which decides how it runs and may change it.</summary>
    public AccessPolicyIndex Access;

    /// <summary>Failed starts of that minute that were logged.</summary>
    public byte FailuresLogged;

    /// <summary>True if a failed start is among those that were left out.</summary>
    public bool IsFailureLeftOut;

    /// <summary>The record of its notify socket, or -1.</summary>
    public readonly int NotifyIndex => NotifyPlace - 1;

    /// <summary>
    /// A run keeps its settings: changed settings apply from the next start.
    /// </summary>
    public void BeginRun(in ProcessWords words, bool hasGroup)
    {
        HasGroup = hasGroup;
        HasTree = hasGroup || words.Has(ProcessWord.Session);
        Leave = words.Has(ProcessWord.Leave) ? words.Leave : ServiceManager.DefaultLeave;
        KillAt = Instant.Never;
        RunReady = Ready;
        RunStore = Store;
        IsReady = false;
    }

    /// <summary>The reading end of that pipe, or none.</summary>
    public readonly FdNumber ReadyReader => new(ReadyPipe - 1);
}

/// <summary>The kinds of readiness reports; part of the image's layout.</summary>
internal enum ReadyWay : byte
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By a newline on one of its descriptors.</summary>
    Descriptor,

    /// <summary>By exiting with 0.</summary>
    Exit,

    /// <summary>By a message on its notify socket.</summary>
    Notify,
}

/// <summary>The state of the tree of a run; part of the image's layout.</summary>
internal enum TreeState : byte
{
    /// <summary>The run has no tree of its own, or still runs.</summary>
    None,

    /// <summary>The process has ended, and others of its tree may be left.</summary>
    Left,

    /// <summary>No process of the tree is left.</summary>
    Empty,
}

/// <summary>The tags of the texts of a service in the arena; part of the image's layout: only append.</summary>
internal enum ServiceTextTag : byte
{
    Args,
    Tags,
    Fds,
    Triggers,

    /// <summary>The object of the last failed start; it is dropped if the other texts need the room.</summary>
    Failed,

    /// <summary>The status text of the last run.</summary>
    Status,

    Environment,
    Directory,
    Root,
    User,
    Limits,
    Process,
    Mounts,
    Cgroup,
    ArgsFrom,
    EnvironmentFrom,

    /// <summary>The path of the control group of the last run, below the root of the system; no setting.</summary>
    RunGroup,

    /// <summary>The number of tags: behind all of them.</summary>
    Count,
}
