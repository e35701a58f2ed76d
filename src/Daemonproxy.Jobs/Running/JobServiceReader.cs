using System;
using Daemonproxy.Client;
using Daemonproxy.Jobs.Kernel;
using Daemonproxy.Jobs.Planning;

namespace Daemonproxy.Jobs.Running;

/// <summary>Reads the services of jobs from the state of the daemon.</summary>
internal sealed class JobServiceReader(ServiceNames names)
{
    // The daemon counts in whole seconds. A change in the current second is taken as now, not as up to a second ago.
    private const long JustNow = 2000;

    /// <summary>The service of a job.</summary>
    public Sight Of(Job job, StateSnapshot whole, Moment now)
    {
        ServiceName name = names.ServiceOf(job.Terms.Name);
        ServiceView? view = whole.Services.TryGetValue(name, out ServiceInfo? service)
            ? ViewOf(service, now, findsReach: job.Phase == JobPhase.Starting)
            : null;
        return new Sight(view?.Id == job.Terms.Id ? view : null);
    }

    /// <summary>Returns the try of a job of this application; null for any other service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="now">The time.</param>
    /// <param name="findsReach">True to find out, from one more file, which processes a stop would reach.</param>
    public ServiceView? ViewOf(ServiceInfo service, Moment now, bool findsReach = true)
    {
        if (JobTag.Find(service.Tags, names.TagKey) is not { } tag)
        {
            return null;
        }

        long since = MillisecondsOf(service.Since, now);
        bool isUp = service.Phase == ServicePhase.Up;

        // A stop after the end does not change the result.
        bool isDown = StandingOf(service.Phase) == ServiceStanding.Down;
        return new ServiceView(tag.Id, tag.Attempt, StandingOf(service.Phase))
        {
            Since = since,
            StartedAt = since - ((service.Ran?.Value ?? 0) * 1000),
            Pid = service.Pid,
            ExitCode = service.Failure is null ? service.ExitCode : null,
            Signal = service.KilledBy?.Text,
            Failure = service.Failure is { } failed && !isUp
                ? new JobFailure(StepName(failed.Step), failed.Reason, failed.Text)
                : null,
            IsStopped = service.StoppedSince is { } stop && !(isDown && stop.Value > service.Since?.Value),
            IsEmpty = service.EmptySince is not null,
            Reach = isUp && findsReach ? ReachOf(service) : JobReach.Unknown,
        };
    }

    private static ServiceStanding StandingOf(ServicePhase phase) => phase switch
    {
        ServicePhase.Never => ServiceStanding.Never,
        ServicePhase.Waiting => ServiceStanding.Waiting,
        ServicePhase.Up => ServiceStanding.Up,
        _ => ServiceStanding.Down,
    };

    private static long MillisecondsOf(Instant? instant, Moment now)
    {
        long then = (instant?.Value ?? 0) * 1000;
        return now.Milliseconds - then is >= 0 and < JustNow ? now.Milliseconds : then;
    }

    // The words of the protocol: `no-new-privs`.
    private static string StepName(StartStep step) => step.ToString() switch
    {
        "NoNewPrivs" => "no-new-privs",
        string name => name.ToLowerInvariant(),
    };

    // The group of a run is always `SERVICE.NUMBER`: cgroups(7), /proc/PID/cgroup.
    private static JobReach ReachOf(ServiceInfo service)
    {
        // The process has ended, or the file may not be read: the reach stays that of the session.
        string groups = KernelFiles.ReadText($"/proc/{service.Pid}/cgroup") ?? "";
        foreach (ReadOnlySpan<char> line in groups.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("0::", StringComparison.Ordinal)
                && line.Contains($"/{service.Name.Text}.", StringComparison.Ordinal))
            {
                return JobReach.ControlGroup;
            }
        }

        return JobReach.Session;
    }
}
