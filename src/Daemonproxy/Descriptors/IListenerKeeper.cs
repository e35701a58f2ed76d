using Daemonproxy.Protocol;

namespace Daemonproxy.Descriptors;

/// <summary>Looks after sockets that clients are to reach.</summary>
internal interface IListenerKeeper
{
    /// <summary>A service waits for the clients of a descriptor.</summary>
    void Look(FdIndex fd);
}
