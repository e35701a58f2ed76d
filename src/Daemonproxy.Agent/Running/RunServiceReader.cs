using System;
using System.Collections.Generic;
using System.Diagnostics;
using Daemonproxy.Agent.Planning;
using Daemonproxy.Client;

namespace Daemonproxy.Agent.Running;

/// <summary>Reads the services of runs from the state of the daemon.</summary>
internal sealed class RunServiceReader(string prefix, string agent)
{
    // The daemon counts in whole seconds. A change in the current second is taken as now, not as up to a second ago.
    private const long JustNow = 2000;

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

        long since = MillisecondsOf(service.Since, now);
        bool isUp = service.Phase == ServicePhase.Up;

        // A stop after the end does not change the result.
        bool isDown = StandingOf(service.Phase) == ServiceStanding.Down;
        return new RunView(terms, StandingOf(service.Phase))
        {
            StartedAt = isUp ? since : since - ((service.Ran?.Value ?? 0) * 1000),
            Since = since,
            Pid = service.Pid,
            ExitCode = service.Failure is null ? service.ExitCode : null,
            Signal = service.KilledBy?.Text,
            Failure = service.Failure is { } failed && !isUp
                ? (StepName(failed.Step), failed.Reason, failed.Text)
                : null,
            IsStopped = service.StoppedSince is { } stop && !(isDown && stop.Value > service.Since?.Value),
            IsEmpty = service.EmptySince is not null,
        };
    }

    private static ServiceStanding StandingOf(ServicePhase phase) => phase switch
    {
        ServicePhase.Never => ServiceStanding.Never,
        ServicePhase.Waiting => ServiceStanding.Waiting,
        ServicePhase.Up => ServiceStanding.Up,
        _ => ServiceStanding.Down,
    };

    private static long MillisecondsOf(Instant? instant, long now)
    {
        long then = (instant?.Value ?? 0) * 1000;
        return now - then is >= 0 and < JustNow ? now : then;
    }

    // The words of the protocol: `no-new-privs`.
    private static string StepName(StartStep step) => step.ToString() switch
    {
        "NoNewPrivs" => "no-new-privs",
        string name => name.ToLowerInvariant(),
    };
}
