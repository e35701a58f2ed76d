using System.Collections.Immutable;

namespace Daemonproxy.Client;

/// <summary>The daemon's services, descriptors and control sockets at one moment, in name order; immutable.</summary>
/// <param name="Services">The services.</param>
/// <param name="Fds">The named descriptors, each in its last announced state.</param>
/// <param name="Signals">
/// The signals with a pending count, each in its last announced state. <c>signal.clear</c> is not announced: after one,
/// the count is right again with the next arrival, or after <see cref="DaemonState.RefreshAsync"/>.
/// </param>
/// <param name="Sockets">
/// The control sockets, each in its last announced state; the one without a name has the name <c>default</c>. The
/// daemon announces them to controllers with all rights. It does not announce a socket without options: one that was
/// made or deleted meanwhile is right after <see cref="DaemonState.RefreshAsync"/>.
/// </param>
public sealed record StateSnapshot(
    ImmutableSortedDictionary<ServiceName, ServiceInfo> Services,
    ImmutableSortedDictionary<FdName, FdStateEvent> Fds,
    ImmutableSortedDictionary<Signal, SignalEvent> Signals,
    ImmutableSortedDictionary<SocketName, SocketStateEvent> Sockets)
{
    /// <summary>Nothing.</summary>
    public static StateSnapshot Empty { get; } = new(
        ImmutableSortedDictionary<ServiceName, ServiceInfo>.Empty,
        ImmutableSortedDictionary<FdName, FdStateEvent>.Empty,
        ImmutableSortedDictionary<Signal, SignalEvent>.Empty,
        ImmutableSortedDictionary<SocketName, SocketStateEvent>.Empty);
}
