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

    /// <summary>Whether the start it waits for was planned by auto_up, not asked for.</summary>
    public bool IsPlanned;

    /// <summary>Whether its descriptors were ever set: until then they are the default ones.</summary>
    public bool HasFds;

    /// <summary>The process that runs, or the last one that did; 0 before the first.</summary>
    public Pid Pid;

    /// <summary>The exit code, or the number of the signal, of the run that ended.</summary>
    public int Value;

    /// <summary>Seconds from start to start; 0 when it is not started by itself.</summary>
    public int Interval;

    /// <summary>What starts it by itself: bit 0 is "always", bit N is signal N.</summary>
    public ulong Triggers;

    /// <summary>When it entered the state.</summary>
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

    /// <summary>When it failed.</summary>
    public Instant FailedAt;

    /// <summary>Whether LISTEN_FDS tells it of its descriptors from 3 on.</summary>
    public bool Listens;

    /// <summary>Whether the run leads a session of its own, or has a control group of its own: its tree.</summary>
    public bool HasTree;

    /// <summary>Whether the tree is that of a control group: <see cref="ServiceText.RunGroup"/>.</summary>
    public bool HasGroup;

    /// <summary>Whether the run is being stopped.</summary>
    public bool IsStopping;

    /// <summary>Whether the service stays down until it is started again.</summary>
    public bool IsHeld;

    /// <summary>What is known of the tree of a run that has ended.</summary>
    public TreeState Tree;

    /// <summary>The session of that tree, by the process that made it.</summary>
    public Pid Session;

    /// <summary>The walks through the tree so far, and how many of the last ones found nothing.</summary>
    public byte Walks;
    public byte EmptyWalks;

    /// <summary>Whether what is left of the tree was sent SIGTERM, or is not to get it.</summary>
    public bool IsTreeTold;

    /// <summary>The seconds that what is left of the tree has between SIGTERM and SIGKILL.</summary>
    public int Leave;

    /// <summary>When the stop began.</summary>
    public Instant StopSince;

    /// <summary>When the run, or what is left of its tree, gets SIGKILL; never when it is not to.</summary>
    public Instant KillAt;

    /// <summary>The latest time of SIGKILL, however much time the service asks for.</summary>
    public Instant KillLatest;

    /// <summary>When the tree is looked at next.</summary>
    public Instant NextWalk;

    /// <summary>When the tree was found to be empty.</summary>
    public Instant EmptyAt;

    /// <summary>How the next run tells that it is ready, and on which of its descriptors.</summary>
    public ReadyWay Ready;
    public int ReadyPlace;

    /// <summary>How this run tells it, and whether it has.</summary>
    public ReadyWay RunReady;
    public bool IsReady;

    /// <summary>The reading end of the pipe on which this run tells it, and 1; 0 when there is none.</summary>
    public int ReadyPipe;

    /// <summary>When it told it.</summary>
    public Instant ReadyAt;

    /// <summary>How many descriptors the service may leave with the daemon; the setting, and of this run.</summary>
    public byte Store;
    public byte RunStore;

    /// <summary>The record of the notify socket of the run, and 1; 0 when it has none.</summary>
    public int NotifyPlace;

    /// <summary>
    /// The signals that controllers have sent to this run, bit N - 1 for signal N, and when the last one was.
    /// </summary>
    public ulong SignalsSent;
    public Instant SignalSentAt;

    /// <summary>When the minute began in which ends that nobody asked for are counted.</summary>
    public Instant EndsSince;

    /// <summary>The ends of that minute that were left out of the log.</summary>
    public int EndsLeftOut;

    /// <summary>The ends of that minute that were logged; 0 when there is no minute.</summary>
    public byte EndsLogged;

    /// <summary>The access through which it was made: how it runs, and who may change it.</summary>
    public AccessIndex Access;

    /// <summary>The record of its notify socket, or -1.</summary>
    public readonly int NotifyIndex => NotifyPlace - 1;

    /// <summary>
    /// A run keeps what it was started with: settings that change meanwhile count from the next start.
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

/// <summary>How a service tells that it is ready; part of the image's layout.</summary>
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

/// <summary>What is known of the tree of a run; part of the image's layout.</summary>
internal enum TreeState : byte
{
    /// <summary>The run has no tree of its own, or goes on.</summary>
    None,

    /// <summary>The process has ended, and others of its tree may be left.</summary>
    Left,

    /// <summary>No process of the tree is left.</summary>
    Empty,
}

/// <summary>The tags of the texts of a service in the arena; part of the image's layout: only append.</summary>
internal enum ServiceText : byte
{
    Args,
    Tags,
    Fds,
    Triggers,

    /// <summary>What the last start failed for; it gives way to the other texts where there is no room.</summary>
    Failed,

    /// <summary>What the last run said about itself.</summary>
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
