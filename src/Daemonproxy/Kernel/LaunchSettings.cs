using System;
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>
/// The settings of a service as its child applies them, in memory that does not move. A step without a setting is not
/// in <see cref="LaunchPlan.Steps"/>, so that its fields mean nothing.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LaunchSettings
{
    /// <summary>The most groups of a process; more are <c>E2BIG</c>.</summary>
    public const int MostGroups = 1024;

    /// <summary>The room for a variable that the account sets, its name and NUL included.</summary>
    public const int VariableBytes = 512;

    /// <summary>The most processors that a service can name, from 0; a multiple of 64.</summary>
    public const int MostProcessors = 1024;

    /// <summary>The descriptor that becomes the controlling terminal, as the service numbers them.</summary>
    public int Terminal;

    /// <summary>True if the service leads a session of its own, setsid(2).</summary>
    public bool LeadsSession;

    /// <summary>The policy and the priority of sched_setscheduler(2); a policy below 0 is not set.</summary>
    public int Policy;
    public int Priority;

    /// <summary>True if <see cref="Processors"/> is set.</summary>
    public bool HasProcessors;

    /// <summary>The processors to run on, a bit for each, sched_setaffinity(2).</summary>
    public fixed ulong Processors[MostProcessors / 64];

    /// <summary>The nice value, setpriority(2).</summary>
    public int Nice;

    /// <summary>The class and priority of ioprio_set(2).</summary>
    public int IoPriority;

    /// <summary>The text of oom_score_adj, proc(5), and its length.</summary>
    public byte* Oom;
    public int OomLength;

    /// <summary>The resource limits, and how many there are.</summary>
    public LaunchLimit* Limits;
    public int LimitCount;

    /// <summary>The error and its object if the run has no control group; none if it has one.</summary>
    public Errno GroupReason;
    public byte* GroupSubject;

    /// <summary>The mounts, from short paths to long ones, and how many there are.</summary>
    public LaunchMount* Mounts;
    public int MountCount;

    /// <summary>The new root, chroot(2), and the working directory, chdir(2).</summary>
    public byte* Root;
    public byte* Directory;

    /// <summary>The user: a name or a number.</summary>
    public byte* User;

    /// <summary>The groups, names or numbers; the first one is the primary group.</summary>
    public byte** Groups;
    public int GroupCount;

    /// <summary>True if the supplementary groups are those of <see cref="Groups"/>, or none.</summary>
    public bool HasOwnGroups;

    /// <summary>Room for the numbers of groups, <see cref="MostGroups"/> of them; the child counts them.</summary>
    public uint* GroupIds;
    public int GroupIdCount;

    /// <summary>The results of the child's lookup: the user and the primary group.</summary>
    public uint UserId;
    public uint GroupId;

    /// <summary>The end of the environment, with room for the variables of the account; NULL until then.</summary>
    public byte** AccountPlaces;

    /// <summary>The variables that the account sets.</summary>
    public AccountVariables AccountVariables;

    /// <summary>Room for them, <see cref="VariableBytes"/> each.</summary>
    public byte* AccountText;

    /// <summary>The place of the digits of LISTEN_PID, with room for ten and a NUL; null without it.</summary>
    public byte* ListenPid;

    /// <summary>
    /// The notify socket, and the address that it gets, as NOTIFY_SOCKET has it, sd_notify(3): a path in
    /// <see cref="NotifyDirectory"/>, or room for an address of the kernel's choice where that is null.
    /// </summary>
    public int NotifySocket;
    public byte* NotifyAddress;
    public byte* NotifyDirectory;

    /// <summary>
    /// The descriptors from which arguments and variables are read, as the daemon numbers them, and their names; null
    /// for a name where nothing is read. Below 0: the name is that of none.
    /// </summary>
    public int ArgumentsFrom;
    public int EnvironmentFrom;
    public byte* ArgumentsFromName;
    public byte* EnvironmentFromName;

    /// <summary>The place of the digits of WATCHDOG_PID, with room for ten and a NUL; null without it.</summary>
    public byte* WatchdogPid;

    /// <summary>True if capabilities are kept, and which: a bit for each, capabilities(7).</summary>
    public bool KeepsCapabilities;
    public ulong Capabilities;

    /// <summary>The signal for the end of the daemon, prctl(2) PR_SET_PDEATHSIG, and its PID.</summary>
    public int ParentDeathSignal;
    public int Parent;

    /// <summary>The object of the current step, for the report; null if it has no name.</summary>
    public byte* Subject;
}

/// <summary>A resource limit, setrlimit(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LaunchLimit
{
    public int Resource;
    public ulong Soft;
    public ulong Hard;

    /// <summary>The limit as it was given, for the report.</summary>
    public byte* Text;
}

/// <summary>The variables that say whose account a process has, environ(7).</summary>
[Flags]
internal enum AccountVariables
{
    None = 0,
    User = 1,
    Logname = 2,
    Home = 4,
    Shell = 8,
    All = User | Logname | Home | Shell,
}
