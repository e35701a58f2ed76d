using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Jobs.Running;

namespace Daemonproxy.Jobs.Hosting;

/// <summary>
/// The meter <c>Daemonproxy.Jobs</c>: names and units as OpenTelemetry's semantic conventions have them, dots between
/// words, durations in seconds, no unit in the name.
/// </summary>
internal sealed class JobsMetrics : IDisposable
{
    public const string Meter = "Daemonproxy.Jobs";

    private readonly Meter _meter;
    private readonly bool _isOwned;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _durations;
    private readonly Histogram<double> _waits;
    private int _isDisposed;

    public JobsMetrics(IMeterFactory? factory, JobsEngine engine)
    {
        // A factory owns the meters that it makes, and returns the same one to the next engine.
        _isOwned = factory is null;
        _meter = factory?.Create(Meter) ?? new Meter(Meter);
        _accepted = _meter.CreateCounter<long>("daemonproxy.jobs.accepted", "{job}", "Accepted jobs.");
        _ended = _meter.CreateCounter<long>("daemonproxy.jobs.ended", "{job}", "Finished jobs, by their outcome.");
        _durations = _meter.CreateHistogram<double>(
            "daemonproxy.jobs.run.duration", "s", "The duration of the last try of jobs.");
        _waits = _meter.CreateHistogram<double>(
            "daemonproxy.jobs.wait.duration", "s", "The time from the acceptance of jobs to their last start.");
        _meter.CreateObservableUpDownCounter(
            "daemonproxy.jobs.queued", () => Observe(engine.Counts.Queued), "{job}", "Waiting jobs.");
        _meter.CreateObservableUpDownCounter(
            "daemonproxy.jobs.active", () => ObserveQueues(engine.Counts.Active), "{job}", "Running jobs.");
        _meter.CreateObservableUpDownCounter(
            "daemonproxy.jobs.connected",
            () => Observe(engine.Link.State == LinkState.Connected ? 1 : 0),
            "{connection}",
            "1 while the daemon answers.");
    }

    public void Accepted(string queue) => _accepted.Add(1, KeyValuePair.Create<string, object?>("queue", queue));

    public void Ended(JobInfo job)
    {
        var queue = KeyValuePair.Create<string, object?>("queue", job.Queue);
        var outcome = KeyValuePair.Create<string, object?>("outcome", WordOf(job.Status));
        _ended.Add(1, queue, outcome);
        if (job.Started is { } started && job.Ended is { } ended)
        {
            _durations.Record((ended - started).TotalSeconds, queue, outcome);
            _waits.Record(Math.Max(0, (started - job.Created).TotalSeconds), queue);
        }
    }

    public void Dispose()
    {
        _isDisposed = 1;
        if (_isOwned)
        {
            _meter.Dispose();
        }
    }

    private static string WordOf(JobStatus status) => status switch
    {
        JobStatus.Succeeded => "succeeded",
        JobStatus.Failed => "failed",
        JobStatus.Stopped => "stopped",
        JobStatus.TimedOut => "timed_out",
        _ => "lost",
    };

    private IEnumerable<Measurement<int>> Observe(int value) =>
        _isDisposed == 1 ? [] : [new Measurement<int>(value)];

    private IEnumerable<Measurement<int>> ObserveQueues(IReadOnlyDictionary<string, int> active) =>
        _isDisposed == 1
            ? []
            : active.Select(static queue => new Measurement<int>(
                queue.Value, KeyValuePair.Create<string, object?>("queue", queue.Key)));
}
