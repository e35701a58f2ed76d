using System;
using System.IO;
using Daemonproxy.Client;
using Daemonproxy.Jobs.Planning;

namespace Daemonproxy.Jobs.Running;

/// <summary>Reads what the daemon has of jobs out of its state.</summary>
internal sealed class DaemonSight(ServiceNames names)
{
    // The daemon counts whole seconds. What happened just now happened now, and not up to a second ago.
    private const long JustNow = 2000;

    /// <summary>What there is of a job.</summary>
    public Sight Of(string job, string id, StateSnapshot whole, Moment now)
    {
        ServiceView? view = whole.Services.TryGetValue(names.ServiceOf(job), out ServiceInfo? service)
            ? ViewOf(service, now)
            : null;
        return new Sight(view?.Id == id ? view : null);
    }

    /// <summary>A try of a job of this application; null if the service is something else.</summary>
    public ServiceView? ViewOf(ServiceInfo service, Moment now)
    {
        if (JobTag.Find(service.Tags, names.TagKey) is not { } tag)
        {
            return null;
        }

        long since = MillisecondsOf(service.Since, now);
        bool isUp = service.Phase == ServicePhase.Up;
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
            IsStopped = service.StoppedSince is not null,
            IsEmpty = service.EmptySince is not null,
            Reach = isUp ? ReachOf(service) : JobReach.Unknown,
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

    // The group of a run is `SERVICE.NUMBER`, whoever asked for it: cgroups(7), /proc/PID/cgroup.
    private static JobReach ReachOf(ServiceInfo service)
    {
        try
        {
            foreach (string line in File.ReadLines($"/proc/{service.Pid}/cgroup"))
            {
                if (line.StartsWith("0::", StringComparison.Ordinal)
                    && line.Contains($"/{service.Name.Text}.", StringComparison.Ordinal))
                {
                    return JobReach.ControlGroup;
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // It has ended, or nobody may look: then less is said.
        }

        return JobReach.Session;
    }
}
