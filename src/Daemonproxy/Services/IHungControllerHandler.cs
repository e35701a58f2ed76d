using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>The owner of services that are controllers.</summary>
internal interface IHungControllerHandler
{
    /// <summary>
    /// The service has not read its events for too long, and wants to be started again in this case: ends its process.
    /// </summary>
    void EndHung(in FixedName service, Instant now);
}
