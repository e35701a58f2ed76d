using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>The largest answer to one command, errors included.</summary>
internal static class LargestAnswer
{
    // "error⇥TEXT, for command "LINE..."" and LF; or "error⇥Unknown command: NAME" with a name as long as a line.
    private const int LongestError = Limits.Line + Limits.LongestErrorText + 64;

    /// <summary>Commands run while an outbox has this much room, in bytes.</summary>
    public const int RoomForOneCommand = Limits.LongestAnswer + LongestError;

    /// <summary>A line of any kind, errors included, fits so many bytes.</summary>
    public static int LongestLine => Math.Max(Limits.LongestEvent, LongestError);
}
