using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Launching;

/// <summary>The state of a launch slot; part of the image's layout.</summary>
internal enum LaunchState : byte
{
    /// <summary>The slot is free.</summary>
    Free,

    /// <summary>The process has not executed its program yet, as far as we know.</summary>
    UnderWay,

    /// <summary>The process was sent SIGKILL, because it took too long, and has not ended yet.</summary>
    Cancelled,
}

/// <summary>A launch that is under way, in the image, so that its outcome is not lost in a crash.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LaunchRecord
{
    public LaunchState State;

    /// <summary>True if the outcome was dealt with.</summary>
    public bool IsTold;

    /// <summary>The launches of this slot so far, for the tokens of the poll.</summary>
    public int Generation;

    /// <summary>The index of the service.</summary>
    public int Owner;

    /// <summary>The reading end of the pipe on which the child reports.</summary>
    public FdNumber Source;

    /// <summary>The time at which the launch is cancelled.</summary>
    public Instant Deadline;

    /// <summary>The bytes of the report that were read.</summary>
    public int Filled;
    public LaunchReport Report;
}
