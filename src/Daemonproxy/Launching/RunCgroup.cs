using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Launching;

/// <summary>The control group that a helper has made for a run, or why it could not.</summary>
internal readonly ref struct RunCgroup
{
    /// <summary>The group, open; none when there is none.</summary>
    public FdNumber Fd { get; init; }

    /// <summary>Why there is none.</summary>
    public Errno Reason { get; init; }

    /// <summary>The object of the failure.</summary>
    public ReadOnlySpan<byte> Subject { get; init; }
}
