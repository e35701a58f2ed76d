using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>The owner of stops that are under way.</summary>
internal interface IStopExtender
{
    /// <summary>
    /// A service that is being stopped needs more time: SIGKILL comes not before then, and at the latest after ten
    /// times the seconds of the stop.
    /// </summary>
    void ExtendStop(ServiceIndex service, Instant until);
}
