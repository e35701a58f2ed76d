using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Helpers;

/// <summary>What asked a helper to look for the console and the program of a rescue, and is no connection.</summary>
internal interface IRescueOwner
{
    /// <summary>The helper has ended.</summary>
    /// <param name="program">The program that can be executed; empty when there is none.</param>
    /// <param name="reason">Why the console cannot be used; none when it can. EINTR: nobody knows.</param>
    void FinishRescue(ReadOnlySpan<byte> program, Errno reason);
}
