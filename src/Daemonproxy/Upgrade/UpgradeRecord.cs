using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daemonproxy.Connections;
using Daemonproxy.Protocol;

namespace Daemonproxy.Upgrade;

/// <summary>A request to replace this program; in the image, so that the answer outlives a crash.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UpgradeRecord
{
    /// <summary>True if a check is under way, or a program is about to take over.</summary>
    public bool IsPending;

    /// <summary>The controller that waits for the answer, and which connection of that slot it is.</summary>
    public int Connection;
    public int Generation;

    /// <summary>The child that makes the check; 0 before it is made.</summary>
    public Pid CheckProcess;

    /// <summary>The line of the command, without its LF, for the answer to repeat.</summary>
    public int LineLength;
    public LineBytes Line;

    /// <summary>Room for the longest line.</summary>
    [InlineArray(Limits.Line)]
    internal struct LineBytes
    {
        private byte _first;
    }
}
