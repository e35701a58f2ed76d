using Daemonproxy.Kernel;
using Daemonproxy.Launching;

namespace Daemonproxy.Services;

/// <summary>The ways by which a run can tell how it is.</summary>
/// <param name="Pipe">The pipe on which it tells that it is ready; none without one.</param>
/// <param name="NotifyPlace">The record of its notify socket, or -1.</param>
/// <param name="Notify">The variables for that socket.</param>
internal readonly record struct RunReadiness(ReportPipe Pipe, int NotifyPlace, NotifyGrant Notify)
{
    /// <summary>Empty: the compiler's version would bring in unused code.</summary>
    public override string ToString() => string.Empty;
}
