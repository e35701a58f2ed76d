using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>
/// The runs whose processes a helper searches in one scan of /proc: their sessions or control groups, the signals for
/// the processes, and the numbers found.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProcessScanPlan
{
    /// <summary>The most trees of one walk; others wait for the next one.</summary>
    public const int Most = 32;

    /// <summary>Their number.</summary>
    public int Count;

    /// <summary>
    /// The descriptor by which groups that still have processes are watched, inotify(7); none where they are not.
    /// </summary>
    public FdNumber Watch;
    public Trees Entries;

    /// <summary>Room for them.</summary>
    [InlineArray(Most)]
    internal struct Trees
    {
        private ProcessScanTarget _first;
    }
}

/// <summary>One tree of a walk.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ProcessScanTarget
{
    /// <summary>The session, by the process that made it.</summary>
    public Pid Session;

    /// <summary>
    /// The path of the control group of the run, in the plan's memory, ended by NUL; null when the tree is a session.
    /// </summary>
    public byte* Group;

    /// <summary>True if the tree is that of a control group.</summary>
    public readonly bool IsGroup => Group != null;

    /// <summary>The service that it belongs to, for the daemon.</summary>
    public int Owner;

    /// <summary>The signal that each of its processes gets; 0 for none.</summary>
    public int Signal;

    /// <summary>
    /// True if the leader has ended and was reaped. A process of that number is another one, and so is its session: the
    /// kernel gives the number of a session away only when the session is empty.
    /// </summary>
    public bool IsLeaderGone;

    /// <summary>The processes that were found; zombies do not count.</summary>
    public int Found;

    /// <summary>True if the number belongs to another process by now.</summary>
    public bool IsReused;
}
