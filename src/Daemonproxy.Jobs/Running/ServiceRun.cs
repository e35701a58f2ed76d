using Daemonproxy.Client;
using Daemonproxy.Jobs.Planning;

namespace Daemonproxy.Jobs.Running;

/// <summary>
/// The last run of a service, by the clock of the program. Background jobs and the agent of a fleet are compiled with
/// this file.
/// </summary>
/// <param name="Standing">The state of the process.</param>
/// <param name="Since">The time of the last change of that state, in milliseconds.</param>
/// <param name="StartedAt">The start, in milliseconds.</param>
/// <param name="ExitCode">The exit code, if it exited; null if a later start failed.</param>
/// <param name="Failure">The step of the start that failed, the reason, and the subject; null if none did.</param>
/// <param name="IsStopped">True if it is being stopped, or was before its end.</param>
internal readonly record struct ServiceRun(
    ServiceStanding Standing,
    long Since,
    long StartedAt,
    int? ExitCode,
    (string Step, string Error, string Subject)? Failure,
    bool IsStopped)
{
    // The daemon counts in whole seconds. A change in the current second is taken as now, not as up to a second ago.
    private const long JustNow = 2000;

    /// <summary>Reads the run of a service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="now">CLOCK_MONOTONIC in milliseconds, whose seconds are those of the daemon.</param>
    public static ServiceRun Of(ServiceInfo service, long now)
    {
        ServiceStanding standing = service.Phase switch
        {
            ServicePhase.Never => ServiceStanding.Never,
            ServicePhase.Waiting => ServiceStanding.Waiting,
            ServicePhase.Up => ServiceStanding.Up,
            _ => ServiceStanding.Down,
        };
        long then = (service.Since?.Value ?? 0) * 1000;
        long since = now - then is >= 0 and < JustNow ? now : then;

        // A stop after the end does not change the result.
        bool isOver = standing == ServiceStanding.Down && service.StoppedSince?.Value > service.Since?.Value;
        return new ServiceRun(
            standing,
            since,
            StartedAt: since - ((service.Ran?.Value ?? 0) * 1000),
            ExitCode: service.Failure is null ? service.ExitCode : null,
            Failure: service.Failure is { } failed && standing != ServiceStanding.Up
                ? (failed.Step.Word(), failed.Reason, failed.Text)
                : null,
            IsStopped: service.StoppedSince is not null && !isOver);
    }
}
