using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>
/// The settings of the daemon, which are fixed at its start, and the state of its shutdown. The two share a record and
/// have an owner each: <see cref="DaemonSettings"/> and ShutdownState.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DaemonRecord
{
    public Instant Started;
    public bool IsEnding;
    public int ExitCode;

    /// <summary>
    /// True if the daemon made the output of the interactive session nonblocking, and has to undo that.
    /// </summary>
    public bool IsOutputOurs;

    /// <summary>True if the command debug.crash is there.</summary>
    public bool AllowsDebugCrash;

    /// <summary>The code of the guard against accidental termination; 0 is no guard.</summary>
    public long Guard;

    /// <summary>True if the daemon is process 1, whose exit stops the machine.</summary>
    public bool IsInit;

    /// <summary>Attributes of the process, which every process image requests from the kernel again.</summary>
    public bool LocksMemory;
    public bool IsSubreaper;

    /// <summary>The most bytes of text of one service, and of one descriptor.</summary>
    public int MostServiceText;
    public int MostFdText;

    /// <summary>The program to execute instead of exiting, arguments separated by TABs; empty: none.</summary>
    public FixedText ExecArgs;

    /// <summary>The reason of the end.</summary>
    public FixedText Reason;

    /// <summary>
    /// The soft limit of open files that services get, since the daemon has raised its own; all bits when it could
    /// not; 0 when it has not tried.
    /// </summary>
    public ulong ServiceOpenFiles;

    /// <summary>
    /// True if the daemon has moved into a leaf of its control group, or is about to: then its own group is the one
    /// above.
    /// </summary>
    public bool MayBeInLeaf;

    /// <summary>The reason to start the service <c>rescue</c>, a RescueReason; 0 for none.</summary>
    public byte Rescue;

    /// <summary>True if that service can be a shell without a password.</summary>
    public bool HasRescueShell;

    /// <summary>True if the daemon may exit although it is process 1, or has a guard.</summary>
    public bool IsReleased;

    /// <summary>
    /// The number at which a standard error that may stop answering is kept aside, less <see
    /// cref="HelperPlan.FirstHigh"/>, + 1; 0 if it is not.
    /// </summary>
    public byte ErrorAside;
}
