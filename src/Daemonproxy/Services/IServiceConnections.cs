using Daemonproxy.Access;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>Makes connections for services that are controllers, without knowing how controllers work.</summary>
internal interface IServiceConnections
{
    /// <summary>
    /// Ends the connections that were opened for earlier runs of the service, whoever still has their ends: what they
    /// sent is run, what they send or would be sent from here on is not.
    /// </summary>
    void EndFormer(in FixedName service);

    /// <summary>
    /// Opens a connection for the roles asked for: the socket, or events, commands or both. EAGAIN when no slot is free
    /// for a service. It may do what the service may that has made it, whatever descriptors the service was given.
    /// </summary>
    Errno TryOpen(
        in FixedName service,
        AccessPolicyIndex access,
        in WantedConnection wanted,
        out ServiceEnds ends,
        out int connection);

    /// <summary>The service has its ends now, and was announced: the connection goes on by itself.</summary>
    void Settle(int connection, ServiceEnds ends);

    /// <summary>The service could not be launched: the connection never was.</summary>
    void Abandon(int connection, ServiceEnds ends);
}
