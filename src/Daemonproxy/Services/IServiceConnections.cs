using Daemonproxy.Descriptors;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>What a service's end of its own connection as a controller is made of; none where it did not ask.</summary>
internal readonly record struct ServiceEnds(FdNumber Commands, FdNumber Events)
{
    public static ServiceEnds None => new(FdNumber.None, FdNumber.None);

    /// <summary>The descriptor that the service gets under this role.</summary>
    public FdNumber For(FdRole role) => role == FdRole.ControlCommand ? Commands : Events;
}

/// <summary>Makes connections for services that are controllers, without knowing how controllers work.</summary>
internal interface IServiceConnections
{
    /// <summary>
    /// Opens a connection for the roles asked for: the socket, or events, commands or both. EAGAIN when no controller
    /// slot is free.
    /// </summary>
    Errno TryOpen(bool socket, bool events, bool commands, out ServiceEnds ends, out int connection);

    /// <summary>The service has its ends now, and was announced: the connection goes on by itself.</summary>
    void Settle(int connection, ServiceEnds ends);

    /// <summary>The service could not be launched: the connection never was.</summary>
    void Abandon(int connection, ServiceEnds ends);
}
