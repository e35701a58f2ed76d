using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Helpers;

/// <summary>The state of a helper slot; part of the image's layout: only append.</summary>
internal enum HelperState : byte
{
    /// <summary>The slot is free.</summary>
    Free,

    /// <summary>The helper is at work.</summary>
    UnderWay,

    /// <summary>The helper has ended, and its answer waits for the connection that asked.</summary>
    Answered,

    /// <summary>The helper was sent SIGKILL, and has not ended yet.</summary>
    Cancelled,

    /// <summary>The helper does not end: it is in state D, ps(1).</summary>
    Lost,
}

/// <summary>A helper, in the image, so that no process of ours is forgotten in a crash.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HelperRecord
{
    public HelperState State;
    public HelperTask Task;

    /// <summary>The connection that waits for the answer; -1 if none does.</summary>
    public int Connection;

    /// <summary>The process; 0 before it is made.</summary>
    public Pid Pid;

    /// <summary>When the helper is cancelled; when a cancelled one counts as lost.</summary>
    public Instant Deadline;

    /// <summary>The connection whose output it writes, and how far it is, which it notes itself.</summary>
    public int Writer;
    public HelperProgress Progress;

    public const int NoConnection = -1;
}
