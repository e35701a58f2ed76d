using System;
using Daemonproxy.Client;
using Daemonproxy.Jobs.Kernel;
using Daemonproxy.Jobs.Planning;

namespace Daemonproxy.Jobs.Running;

/// <summary>Reads the services of jobs from the state of the daemon.</summary>
internal sealed class JobServiceReader(ServiceNames names)
{
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

        ServiceRun run = ServiceRun.Of(service, now.Milliseconds);
        return new ServiceView(tag.Id, tag.Attempt, run.Standing)
        {
            Since = run.Since,
            StartedAt = run.StartedAt,
            Pid = service.Pid,
            ExitCode = run.ExitCode,
            Signal = service.KilledBy?.Text,
            Failure = run.Failure is { } failure
                ? new JobFailure(failure.Step, failure.Error, failure.Subject)
                : null,
            IsStopped = run.IsStopped,
            IsEmpty = service.EmptySince is not null,
            Reach = run.Standing == ServiceStanding.Up && findsReach ? ReachOf(service) : JobReach.Unknown,
        };
    }

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
