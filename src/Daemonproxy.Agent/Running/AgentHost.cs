using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Daemonproxy.Agent.Planning;
using Daemonproxy.Client;
using Daemonproxy.Fleet.Store;
using Daemonproxy.Jobs;
using StackExchange.Redis;

namespace Daemonproxy.Agent.Running;

/// <summary>
/// An agent: a loop that passes events to the planner, and starts its decisions; a task for Redis; a task that follows
/// the daemon; and the effects, each a task whose result goes back into the loop.
/// </summary>
internal sealed partial class AgentHost : IAsyncDisposable
{
    // The time limit of a Redis command. An agent waits for Redis without a limit, by repeating commands.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly AgentOptions _options;
    private readonly AgentPlanner _planner;
    private readonly RunServiceReader _sight;
    private readonly RunFiles _files;
    private readonly FleetKeys _keys;
    private readonly string _instance = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private readonly Channel<Action> _facts = Channel.CreateUnbounded<Action>();
    private readonly ConcurrentDictionary<Task, bool> _underWay = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly DaemonClient _client;
    private readonly ConnectionMultiplexer _redis;
    private readonly ConnectionMultiplexer _blocking;
    private readonly AgentStore _store;
    private RunStarter? _starter;
    private DaemonState? _state;
    private Task<bool>? _waiting;

    private AgentHost(AgentOptions options, ConnectionMultiplexer redis, ConnectionMultiplexer blocking)
    {
        _options = options;
        _planner = new AgentPlanner(new AgentLimits(options.Places, options.StopGrace));
        _sight = new RunServiceReader(options.Prefix, options.Name);
        _files = new RunFiles(options.Directory);
        _keys = new FleetKeys(options.Redis.Fleet);
        (_redis, _blocking) = (redis, blocking);
        _store = new AgentStore(options, _keys, redis.GetDatabase(), blocking.GetDatabase(), _instance);
        _client = DaemonClient.Start(options.Socket);
    }

    /// <summary>Runs an agent until it is stopped.</summary>
    /// <param name="options">The settings of the agent.</param>
    /// <param name="stopping">Ends it at once; its jobs keep running.</param>
    /// <param name="draining">It takes no more jobs, and ends when it has none.</param>
    /// <exception cref="AgentException">It cannot work.</exception>
    public static async Task RunAsync(AgentOptions options, CancellationToken stopping, CancellationToken draining)
    {
        try
        {
            ConnectionMultiplexer redis = await RedisLink.ConnectAsync(
                options.Redis, $"dpctl-agent-{options.Name}", _patience).ConfigureAwait(false);
            ConnectionMultiplexer blocking = await RedisLink.ConnectAsync(
                options.Redis, $"dpctl-agent-{options.Name}-waits", options.Lease + _patience).ConfigureAwait(false);
            var host = new AgentHost(options, redis, blocking);
            await using (host.ConfigureAwait(false))
            {
                await host.RunAsync(stopping, draining).ConfigureAwait(false);
            }
        }
        catch (Exception problem) when (problem is JobsException or IOException and not ConnectionClosedException)
        {
            throw new AgentException(problem.Message, problem);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_underWay.Keys).WaitAsync(TimeSpan.FromSeconds(2)).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing);
        await _client.DisposeAsync().ConfigureAwait(false);
        await _blocking.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
        await _redis.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
        _starter?.Dispose();
        _closing.Dispose();
    }

    private async Task RunAsync(CancellationToken stopping, CancellationToken draining)
    {
        await using CancellationTokenRegistration end = stopping.Register(_closing.Cancel);
        Task looping = LoopAsync();
        Task following = FollowAsync();
        Task speaking = SpeakAsync(draining);
        Task pumping = PumpAsync();

        // The first task that ends, ends all: with an exception, or because of a stop.
        Task first = await Task.WhenAny(looping, following, speaking, pumping).ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(looping, following, speaking, pumping).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing);
        if (first.Exception?.InnerException is { } problem and not OperationCanceledException)
        {
            throw problem as AgentException ?? new AgentException($"Something unexpected failed: {problem}", problem);
        }
    }

    private async Task LoopAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            await WaitForFactsAsync().ConfigureAwait(false);
            while (_facts.Reader.TryRead(out Action? fact))
            {
                fact();
            }

            _planner.Wake(RunServiceReader.Now);
            foreach (AgentEffect effect in _planner.Drain())
            {
                Do(effect);
            }

            NotePlaces();
        }
    }

    private async Task WaitForFactsAsync()
    {
        Task<bool> facts = _waiting ??= _facts.Reader.WaitToReadAsync(_closing.Token).AsTask();
        if (_planner.NextWake is { } wake)
        {
            long wait = Math.Clamp(wake - RunServiceReader.Now, 0, int.MaxValue);
            await Task.WhenAny(facts, Task.Delay(TimeSpan.FromMilliseconds(wait), _closing.Token))
                .ConfigureAwait(false);
        }
        else
        {
            await ((Task)facts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _waiting = facts.IsCompleted ? null : facts;
    }

    // A fact goes through the loop: the planner has one thread.
    private void Post(Action fact) => _facts.Writer.TryWrite(fact);

    // The answer of the planner to a fact.
    private async Task<T> AskAsync<T>(Func<T> ask)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => answer.SetResult(ask()));
        return await answer.Task.WaitAsync(_closing.Token).ConfigureAwait(false);
    }

    private void Run(Func<Task> work)
    {
        Task task = Task.Run(async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The end.
            }
            catch (Exception problem) when (RedisLink.IsAway(problem) || problem is RedisException
                or ConnectionClosedException)
            {
                Log("debug", problem.Message);
            }
        });
        _underWay.TryAdd(task, true);
        task.ContinueWith(
            done => _underWay.TryRemove(done, out _), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Log(string level, string text) => _options.Log(level, text);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
