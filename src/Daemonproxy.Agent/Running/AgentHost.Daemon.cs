using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Daemonproxy.Agent.Planning;
using Daemonproxy.Client;

namespace Daemonproxy.Agent.Running;

/// <summary>Follows the daemon: the connection, the mark, and the changes of services.</summary>
internal sealed partial class AgentHost
{
    // A killed process may have left commands in its socket. The daemon reads 16 kB of each connection in a turn, and a
    // socket holds 208 kB: after so many answers none of them is left.
    private const int RoundsOfFence = 32;
    private const string MarkKey = "fleet";

    private static readonly TimeSpan _markDelay = TimeSpan.FromSeconds(1);

    private bool _isFenced;

    // The mark of the planner's daemon; null while it is away. Read by other tasks.
    private volatile string? _mark;
    private string? _lastMark;
    private volatile string _daemonTrouble = "The daemon was not there yet.";

    private async Task FollowAsync()
    {
        IAsyncEnumerable<DaemonEvent> events = _client.ReadEventsAsync(_closing.Token);
        Task reading = ReadEventsAsync(events);
        try
        {
            _state = await _client.FollowStateAsync(_closing.Token).ConfigureAwait(false);
            _starter = new RunStarter(_options, _client, _state, _sight, _files, _store);
            await foreach (LinkStatus status in _client.ReadStatusesAsync(_closing.Token).ConfigureAwait(false))
            {
                Log(status.State == LinkState.Lost ? "warning" : "debug", $"daemon {status.State}: {status.Reason}");
                if (status.State == LinkState.Connected)
                {
                    await ConnectAsync().ConfigureAwait(false);
                }
                else
                {
                    _daemonTrouble = $"The daemon is away: {status.Reason}";
                    _mark = null;
                }
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or ObjectDisposedException)
        {
            // The end.
        }

        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadEventsAsync(IAsyncEnumerable<DaemonEvent> events)
    {
        await foreach (DaemonEvent received in events.ConfigureAwait(false))
        {
            ServiceName? service = received switch
            {
                ServiceStateEvent one => one.Name,
                ServiceFailedEvent one => one.Name,
                ServiceStopEvent one => one.Name,
                ServiceEmptyEvent one => one.Name,
                _ => default(ServiceName?),
            };
            if (service is { } name && _sight.JobOf(name) is { } job)
            {
                Post(() => Look(job));
            }
        }
    }

    // Only if the state is complete, and of the planner's daemon.
    private void Look(string job)
    {
        if (_mark is { } mark && _state?.Whole is { } whole && MarkOf(whole) == mark)
        {
            long now = RunServiceReader.Now;
            _planner.See(job, _sight.ViewOf(whole, job, now), now);
        }
    }

    // Until it works, or the connection is lost again.
    private async Task ConnectAsync()
    {
        while (_client.Status.State == LinkState.Connected && !_closing.IsCancellationRequested)
        {
            try
            {
                for (; !_isFenced; _isFenced = true)
                {
                    for (int round = 0; round < RoundsOfFence; round++)
                    {
                        await _client.SynchronizeAsync(_closing.Token).ConfigureAwait(false);
                    }
                }

                if (_state!.Whole is { } whole)
                {
                    string mark = MarkOf(whole) ?? await MakeMarkAsync().ConfigureAwait(false);
                    Post(() => Connect(mark));
                }

                return;
            }
            catch (Exception problem) when (problem is CommandFailedException or AnswerLostException
                or ConnectionClosedException)
            {
                _daemonTrouble = $"The control socket {_options.Socket} does not take the mark of this agent"
                    + $" ({problem.Message}): it needs the right jobs, and a prefix that"
                    + $" {_options.Prefix} begins with.";
                Log("error", _daemonTrouble);
                await Task.Delay(_markDelay, _closing.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task<string> MakeMarkAsync()
    {
        string made = RandomNumberGenerator.GetHexString(16, lowercase: true);
        await _client.ServiceTagAsync(_sight.Mark, MarkKey, $"{_options.Name} {made}", _closing.Token)
            .ConfigureAwait(false);
        return made;
    }

    // The tag of the mark is NAME WORD.
    private string? MarkOf(StateSnapshot whole)
    {
        if (!whole.Services.TryGetValue(_sight.Mark, out ServiceInfo? mark)
            || mark.Tags.FirstOrDefault(static tag => tag.StartsWith($"{MarkKey}=", StringComparison.Ordinal))
                is not { } tag)
        {
            return null;
        }

        string[] words = tag[(MarkKey.Length + 1)..].Split(' ');
        return words.Length == 2 && words[0] == _options.Name
            ? words[1]
            : throw new AgentException(
                $"Another agent, {words[0]}, has services that begin with {_options.Prefix} in this daemon:"
                + " an agent keeps its name, and each agent of a daemon needs a prefix of its own.");
    }

    private void Connect(string mark)
    {
        if (_state?.Whole is not { } whole || MarkOf(whole) != mark)
        {
            return;
        }

        if (_lastMark is not null && _lastMark != mark)
        {
            Log("warning", "The daemon was replaced by one that knows nothing: what ran in it is given to others.");
            _planner.LoseDaemon();
        }

        bool isFirst = _lastMark is null;
        (_lastMark, _mark) = (mark, mark);
        long now = RunServiceReader.Now;
        _planner.Connect(_sight.ViewsOf(whole, now), now);
        if (isFirst)
        {
            _files.Sweep(_planner.Runs.Select(static run => run.Terms));
            Log("info", Text($"the daemon is there; {_planner.Runs.Count} jobs of before are in it"));
        }

        _change.Release();
    }
}
