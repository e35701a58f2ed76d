using System;
using System.Collections.Generic;
using System.Diagnostics;
using Daemonproxy.Agent.Planning;
using Daemonproxy.Client;
using Daemonproxy.Jobs.Running;

namespace Daemonproxy.Agent.Running;

/// <summary>Reads the services of runs from the state of the daemon.</summary>
internal sealed class RunServiceReader(string prefix, string agent)
{
    /// <summary>
    /// A service that never runs. Its tag lasts as long as the daemon's state: a daemon without it has no runs of this
    /// agent.
    /// </summary>
    public string Mark { get; } = prefix + "mark-of-fleet-agent..";

    /// <summary>CLOCK_MONOTONIC in milliseconds, whose seconds are those of the daemon.</summary>
    public static long Now => (long)(Stopwatch.GetTimestamp() * (1000.0 / Stopwatch.Frequency));

    public string ServiceOf(string job) => prefix + job;

    /// <summary>The job of a service; null if the name does not begin with the prefix.</summary>
    public string? JobOf(ServiceName service) =>
        service.Text is { } text && text.Length > prefix.Length && text != Mark
        && text.StartsWith(prefix, StringComparison.Ordinal)
            ? text[prefix.Length..]
            : null;

    /// <summary>The run of a job; null if there is none.</summary>
    public RunView? ViewOf(StateSnapshot whole, string job, long now) =>
        whole.Services.TryGetValue(ServiceOf(job), out ServiceInfo? service) ? ViewOf(service, job, now) : null;

    /// <summary>All runs that the daemon has.</summary>
    public Dictionary<string, RunView> ViewsOf(StateSnapshot whole, long now)
    {
        Dictionary<string, RunView> views = new(StringComparer.Ordinal);
        foreach (ServiceInfo service in whole.Services.Values)
        {
            if (JobOf(service.Name) is { } job && ViewOf(service, job, now) is { } view)
            {
                views.Add(job, view);
            }
        }

        return views;
    }

    private RunView? ViewOf(ServiceInfo service, string job, long now)
    {
        string program = service.Args.Count > 0 ? service.Args[0] : "?";
        if (RunTag.Find(service.Tags, agent, job, program) is not { } terms)
        {
            return null;
        }

        ServiceRun run = ServiceRun.Of(service, now);
        return new RunView(terms, run.Standing)
        {
            StartedAt = run.StartedAt,
            Since = run.Since,
            Pid = service.Pid,
            ExitCode = run.ExitCode,
            Signal = service.KilledBy?.Text,
            Failure = run.Failure,
            IsStopped = run.IsStopped,
            IsEmpty = service.EmptySince is not null,
        };
    }
}
