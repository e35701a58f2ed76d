using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daemonproxy.Connections;
using Daemonproxy.Protocol;

namespace Daemonproxy.Upgrade;

/// <summary>Who wants this program replaced, and how; in the image, so that the answer outlives a crash.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UpgradeRecord
{
    /// <summary>Whether a program is being asked, or is about to take over.</summary>
    public bool IsPending;

    /// <summary>The controller that waits for the answer, and which connection of that slot it is.</summary>
    public int Connection;
    public int Generation;

    /// <summary>The child that is asked; 0 before it is made.</summary>
    public Pid Asked;

    /// <summary>The line that asked, without its LF, for the answer to repeat.</summary>
    public int LineLength;
    public LineBytes Line;

    /// <summary>Room for the longest line.</summary>
    [InlineArray(Limits.Line)]
    internal struct LineBytes
    {
        private byte _first;
    }
}
