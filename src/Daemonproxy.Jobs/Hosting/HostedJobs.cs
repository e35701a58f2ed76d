using System;
using System.Diagnostics.Metrics;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Jobs.Running;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Daemonproxy.Jobs.Hosting;

/// <summary>Jobs that begin and end with their application.</summary>
internal sealed class HostedJobs(IOptions<JobsOptions> options, ILoggerFactory loggers, IMeterFactory meters)
    : JobsOverEngine, IHostedLifecycleService, IAsyncDisposable
{
    private JobsEngine? _engine;

    /// <summary>The engine; null before the start, and after the end.</summary>
    public JobsEngine? Running => Volatile.Read(ref _engine);

    internal override JobsEngine Engine => Running
        ?? throw new JobsException(
            JobsFault.NotRunning, "The application has not started its jobs yet, or has ended them.");

    // Before all other services of the application start: they may have jobs.
    public async Task StartingAsync(CancellationToken cancellationToken) =>
        _engine = await JobsEngine.StartAsync(
            options.Value, loggers.CreateLogger(JobsMetrics.Meter), meters, cancellationToken).ConfigureAwait(false);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) =>
        await DisposeAsync().ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _engine, null) is { } engine)
        {
            await engine.DisposeAsync().ConfigureAwait(false);
        }
    }
}
