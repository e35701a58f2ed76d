using Daemonproxy.Launching;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

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
