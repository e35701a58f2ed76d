using System.Collections.Generic;
using System.Linq;

namespace Daemonproxy.Client.Tests.Daemon;

/// <summary>Snapshots as tests look at them.</summary>
internal static class Snapshots
{
    /// <summary>All of it, line by line.</summary>
    public static IEnumerable<string> Show(StateSnapshot state) =>
    [
        .. state.Services.Values.Select(service => $"{service}"),
        .. state.Fds.Values.Select(fd => $"{fd}"),
        .. state.Signals.Values.Select(signal => $"{signal}"),
        .. state.Sockets.Values.Select(socket => $"{socket}"),
    ];
}
