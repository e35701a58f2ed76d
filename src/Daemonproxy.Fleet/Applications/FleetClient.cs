using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Daemonproxy.Fleet.Applications;
using Daemonproxy.Fleet.Records;
using Daemonproxy.Fleet.Store;
using Daemonproxy.Jobs;
using StackExchange.Redis;

namespace Daemonproxy.Fleet;

/// <summary>
/// The jobs of a fleet, for an application. It connects to Redis with the first call, and again whenever the connection
/// is lost. Thread-safe.
/// </summary>
public sealed partial class FleetClient : IFleet, IAsyncDisposable
{
    private readonly FleetOptions _options;
    private readonly FleetKeys _keys;
    private readonly AsyncLazy<ConnectionMultiplexer> _link;
    private readonly AsyncLazy<ChangeFeed> _feed;
    private volatile bool _isDisposed;

    /// <summary>A client.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="JobsException">The options are not valid.</exception>
    public FleetClient(FleetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (OptionsCheck.ProblemOf(options) is { } problem)
        {
            throw new JobsException(JobsFault.BadRequest, problem);
        }

        _options = options;
        _keys = new FleetKeys(options.Fleet);
        _link = new(() => RedisLink.ConnectAsync(options, "daemonproxy-application", options.Patience));
        _feed = new(() => CallAsync(
            redis => ChangeFeed.StartAsync(redis.Multiplexer.GetSubscriber(), _keys), CancellationToken.None));
    }

    /// <inheritdoc />
    public Task<JobInfo> StartAsync(JobRequest request, CancellationToken cancellation = default) =>
        StartAsync(request, new FleetPlace(), cancellation);

    /// <inheritdoc />
    public async Task<JobInfo?> FindAsync(string name, CancellationToken cancellation = default)
    {
        RedisValue[] values = await CallAsync(
            redis => redis.HashGetAsync(_keys.Job(name), JobReader.Fields), cancellation).ConfigureAwait(false);
        return JobReader.Read(name, values);
    }

    /// <inheritdoc />
    public async Task<JobInfo> GetAsync(string name, CancellationToken cancellation = default) =>
        await FindAsync(name, cancellation).ConfigureAwait(false) ?? throw NotFound(name);

    /// <inheritdoc />
    public async Task<JobInfo> WaitAsync(string name, CancellationToken cancellation = default)
    {
        ChangeFeed feed = await FeedAsync(cancellation).ConfigureAwait(false);
        while (true)
        {
            Task next = feed.NextOf(name);
            JobInfo job = await GetAsync(name, cancellation).ConfigureAwait(false);
            if (job.IsOver)
            {
                return job;
            }

            await WaitForChangeAsync(next, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async Task StopAsync(string name, TimeSpan? grace = null, CancellationToken cancellation = default)
    {
        int seconds = (int)(grace ?? _options.StopGrace).TotalSeconds;
        RedisResult answer = await RunAsync(FleetScripts.Stop, [name, seconds], cancellation).ConfigureAwait(false);
        if (answer.ToString() is not "stopped" and var word)
        {
            throw word == "none" ? NotFound(name) : new JobsException(JobsFault.IsOver, $"The job {name} is over.");
        }
    }

    /// <inheritdoc />
    public async Task ForgetAsync(string name, CancellationToken cancellation = default)
    {
        RedisResult answer = await RunAsync(FleetScripts.Forget, [name], cancellation).ConfigureAwait(false);
        if (answer.ToString() is not "forgotten" and var word)
        {
            throw word == "none"
                ? NotFound(name)
                : new JobsException(JobsFault.NotOver, $"The job {name} is not over.");
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<JobChange> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ChangeFeed feed = await FeedAsync(cancellation).ConfigureAwait(false);
        Channel<string> names = feed.Watch();
        try
        {
            await foreach (string name in names.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return new JobChange(name, await FindAsync(name, cancellation).ConfigureAwait(false));
            }
        }
        finally
        {
            feed.Leave(names);
        }
    }

    /// <inheritdoc />
    public async Task<Stream> OpenOutputAsync(
        string name, long offset = 0, bool follow = false, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        _ = await GetAsync(name, cancellation).ConfigureAwait(false);
        return new OutputStream(this, name, offset, follow);
    }

    /// <summary>Closes the connection. The jobs keep running.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        if (_link.Current is not { } linking)
        {
            return;
        }

        await ((Task)linking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (linking.IsCompletedSuccessfully)
        {
            ConnectionMultiplexer link = await linking.ConfigureAwait(false);
            await link.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Returns a part of the kept output, and whether more may come.</summary>
    internal async Task<(byte[] Bytes, bool IsOver)> ReadOutputAsync(
        string name, long offset, int most, CancellationToken cancellation)
    {
        // The status is read first, then the bytes: output in between is read the next time.
        RedisValue word = await CallAsync(redis => redis.HashGetAsync(_keys.Job(name), "st"), cancellation)
            .ConfigureAwait(false);
        RedisValue bytes = await CallAsync(
            redis => redis.StringGetRangeAsync(_keys.Output(name), offset, offset + most - 1), cancellation)
            .ConfigureAwait(false);
        bool isOver = word.ToString() is not ("queued" or "starting" or "running");
        return ((byte[]?)bytes ?? [], isOver);
    }

    /// <summary>Completes when the job may have changed.</summary>
    internal async Task<Task> NextChangeAsync(string name, CancellationToken cancellation)
    {
        ChangeFeed feed = await FeedAsync(cancellation).ConfigureAwait(false);
        return feed.NextOf(name);
    }

    /// <summary>Waits for a change, or until the next poll.</summary>
    internal async Task WaitForChangeAsync(Task next, CancellationToken cancellation) =>
        await next.WaitAsync(_options.PollInterval, cancellation)
            .ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default)
            .WaitAsync(cancellation).ConfigureAwait(false);

    private Task<RedisResult> RunAsync(string script, RedisValue[] values, CancellationToken cancellation) =>
        CallAsync(redis => redis.ScriptEvaluateAsync(script, _keys.Script, values), cancellation);

    // All scripts are idempotent: a second call returns the answer of the first one.
    private async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancellation)
    {
        long begun = Environment.TickCount64;
        while (true)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            try
            {
                ConnectionMultiplexer link = await _link.GetAsync(cancellation).ConfigureAwait(false);
                return await call(link.GetDatabase()).WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception problem) when (RedisLink.IsAway(problem))
            {
                if (Environment.TickCount64 - begun > _options.Patience.TotalMilliseconds)
                {
                    throw new JobsException(
                        JobsFault.Storage,
                        $"Redis at {_options.Redis} does not answer ({RedisLink.CauseOf(problem)}); what was asked may"
                            + " have been done.",
                        problem);
                }

                await Task.Delay(100, cancellation).ConfigureAwait(false);
            }
            catch (RedisException problem)
            {
                throw new JobsException(
                    problem.Message.StartsWith("OOM", StringComparison.Ordinal)
                        ? JobsFault.DiskFull
                        : JobsFault.Storage,
                    string.Create(CultureInfo.InvariantCulture, $"Redis at {_options.Redis}: {problem.Message}"),
                    problem);
            }
        }
    }

    private Task<ChangeFeed> FeedAsync(CancellationToken cancellation) => _feed.GetAsync(cancellation);

    private static JobsException NotFound(string name) =>
        new(JobsFault.NotFound, $"There is no job {new string([.. name.Take(40)])}.");
}
