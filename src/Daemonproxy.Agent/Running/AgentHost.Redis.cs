using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Agent.Planning;
using Daemonproxy.Fleet.Records;
using Daemonproxy.Fleet.Store;
using StackExchange.Redis;

namespace Daemonproxy.Agent.Running;

/// <summary>
/// The requests to Redis besides reports: the lease each third of its length, and jobs for free places. Ticks and
/// claims never overlap, so that a run that a renewal does not name was not claimed before it.
/// </summary>
internal sealed partial class AgentHost
{
    private static readonly TimeSpan _redisDelay = TimeSpan.FromMilliseconds(300);

    // Wakes the task below after a change.
    private readonly SemaphoreSlim _change = new(0);
    private int _free;
    private int _count;

    // Milliseconds since 1970 by the clock of Redis, at zero of ours.
    private long _offset = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - RunServiceReader.Now;
    private string? _redisTrouble;
    private long _nextRenewal;
    private string? _registered;
    private string _fleet = "";
    private long? _forgotten;
    private string? _skew;
    private volatile string? _obstacle;
    private bool _isSubscribed;

    // Called by the loop after each round.
    private void NotePlaces()
    {
        int free = _planner.Free;
        Volatile.Write(ref _count, _planner.Runs.Count);
        if (_obstacle is not null && _planner.Obstacle is null)
        {
            Log("info", "starts jobs again");
        }

        _obstacle = _planner.Obstacle;
        if (Interlocked.Exchange(ref _free, free) < free)
        {
            _change.Release();
        }
    }

    private async Task SpeakAsync(CancellationToken draining)
    {
        await using CancellationTokenRegistration registration = draining.Register(() => _change.Release());
        Task<IReadOnlyList<ReadEntry>>? reading = null;
        while (true)
        {
            _closing.Token.ThrowIfCancellationRequested();
            bool isDraining = draining.IsCancellationRequested;
            try
            {
                if (_lastMark is not null)
                {
                    await SubscribeAsync().ConfigureAwait(false);
                    IReadOnlyList<ReadEntry> read = await FinishReadingAsync(reading).ConfigureAwait(false);
                    reading = reading?.IsCompleted == true ? null : reading;
                    bool mayHaveMore = await RenewAndTakeAsync(isDraining, reading is null, read).ConfigureAwait(false);
                    NoteRedis(null);
                    if (isDraining && reading is null && Volatile.Read(ref _count) == 0)
                    {
                        await _store.LeaveAsync().ConfigureAwait(false);
                        return;
                    }

                    if (mayHaveMore)
                    {
                        continue;
                    }

                    reading ??= BeginReading(isDraining);
                }

                await WaitAsync(reading).ConfigureAwait(false);
            }
            catch (Exception problem) when (RedisLink.IsAway(problem) || problem is RedisException)
            {
                NoteRedis(problem);
                _registered = null; // A registration finds runs whose answer was lost.
                reading = reading?.IsCompleted == true ? null : reading;
                await Task.Delay(_redisDelay, _closing.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task SubscribeAsync()
    {
        if (!_isSubscribed)
        {
            await _redis.GetSubscriber()
                .SubscribeAsync(_keys.Mail(_options.Name), (_, text) => HearMail(text.ToString()))
                .ConfigureAwait(false);
            _isSubscribed = true;
        }
    }

    private static async Task<IReadOnlyList<ReadEntry>> FinishReadingAsync(Task<IReadOnlyList<ReadEntry>>? reading)
    {
        try
        {
            return reading?.IsCompleted == true ? await reading.ConfigureAwait(false) : [];
        }
        catch (RedisServerException problem) when (problem.Message.StartsWith("NOGROUP", StringComparison.Ordinal))
        {
            return []; // Redis has lost its data; taking makes the groups.
        }
    }

    private Task<IReadOnlyList<ReadEntry>>? BeginReading(bool isDraining)
    {
        if (isDraining || _mark is null || Volatile.Read(ref _free) == 0 || _registered is null)
        {
            return null;
        }

        return _store.WaitAsync(TimeSpan.FromMilliseconds(_nextRenewal - RunServiceReader.Now));
    }

    // Until the next renewal, an entry, or a change.
    private async Task WaitAsync(Task? reading)
    {
        long left = _lastMark is null ? long.MaxValue : Math.Max(0, _nextRenewal - RunServiceReader.Now);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        Task change = _change.WaitAsync(TimeSpan.FromMilliseconds(Math.Min(left, 3_600_000)), over.Token);
        await (reading is null ? change : Task.WhenAny(change, reading)).ConfigureAwait(false);
        if (!change.IsCompleted)
        {
            await over.CancelAsync().ConfigureAwait(false);
            await change.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        while (_change.Wait(0))
        {
            // Several changes are one.
        }
    }

    // True if there may be more jobs to take at once.
    private async Task<bool> RenewAndTakeAsync(bool isDraining, bool mayTake, IReadOnlyList<ReadEntry> read)
    {
        string mark = _lastMark!;
        if (RunServiceReader.Now >= _nextRenewal || _registered != mark)
        {
            await RenewAsync(mark).ConfigureAwait(false);
        }

        int free = await AskAsync(() => isDraining || _mark != mark ? 0 : _planner.Free).ConfigureAwait(false);
        if (_registered != mark || !mayTake || (free == 0 && read.Count == 0))
        {
            return false;
        }

        IReadOnlyList<RunTerms>? taken = await _store.TakeAsync(free, read).ConfigureAwait(false);
        if (taken is null)
        {
            _registered = null;
            return true;
        }

        if (taken.Count == 0)
        {
            return false;
        }

        await AskAsync(() =>
        {
            foreach (RunTerms terms in taken)
            {
                _planner.Take(terms, RunServiceReader.Now);
            }

            return true;
        }).ConfigureAwait(false);
        return true;
    }

    private async Task RenewAsync(string mark)
    {
        var note = new MachineNote
        {
            Queues = _options.Queues,
            Places = _options.Places,
            Running = Volatile.Read(ref _count),
            Version = AgentVersion.Text,
            Trouble = _mark is null ? _daemonTrouble
                : _obstacle is { } obstacle ? $"The last job could not be started: {obstacle}"
                : _skew,
        };
        long asked = RunServiceReader.Now;
        RenewReply reply = await _store.RenewAsync(mark, note, registers: _registered != mark).ConfigureAwait(false);
        long third = (long)_options.Lease.TotalMilliseconds / 3;
        switch (reply.Word)
        {
            case "other":
                throw new AgentException($"Another process speaks for machine {_options.Name} now.");
            case "taken":
                NoteTrouble($"Another machine has the name {_options.Name}, or this one's daemon was replaced:"
                    + " its lease is waited for.");
                _nextRenewal = RunServiceReader.Now + Math.Min(third, 1000);
                return;
            case "who":
                _registered = null;
                _nextRenewal = 0;
                return;
        }

        if (_registered is null)
        {
            Log("info", Text($"machine {_options.Name} has a lease of {_options.Lease.TotalSeconds} s"));
        }

        _registered = mark;
        _nextRenewal = asked + Math.Min(third, Math.Max(reply.Due ?? third, 10));
        _offset = reply.Now - ((asked + RunServiceReader.Now) / 2);
        NoteFleet(reply);
        await AskAsync(() =>
        {
            _planner.HandleRuns(reply.Runs, asked, RunServiceReader.Now);
            return true;
        }).ConfigureAwait(false);
    }

    private void NoteFleet(RenewReply reply)
    {
        if (_fleet.Length > 0 && _fleet != reply.Fleet)
        {
            Log("warning", "Redis has lost its data: what runs goes on and is reported, what waited is lost.");
        }

        else if (reply.Forgotten > _forgotten)
        {
            Log(
                "warning",
                "Redis has older data than before: jobs that it accepted last are lost, and ends that were reported to"
                    + " it last are forgotten, so that these jobs run again.");
        }

        (_fleet, _forgotten) = (reply.Fleet, reply.Forgotten);
        string? skew = reply.Newer == 0
            ? null
            : Text($"{reply.Newer} jobs wait whose records are newer than this agent understands: left to others.");
        if (skew is not null && _skew is null)
        {
            Log("warning", skew);
        }

        _skew = skew;
    }

    private void NoteRedis(Exception? problem)
    {
        if (problem is null)
        {
            if (_redisTrouble is not null)
            {
                Log("info", "Redis answers again");
            }

            _redisTrouble = null;
        }
        else
        {
            NoteTrouble($"Redis does not answer: {RedisLink.CauseOf(problem)}");
        }
    }

    private void NoteTrouble(string text)
    {
        if (_redisTrouble is null)
        {
            Log("warning", text);
        }

        _redisTrouble = text;
    }

    // NAME FENCE SECONDS: a requested stop.
    private void HearMail(string text)
    {
        string[] words = text.Split(' ');
        if (words.Length == 3 && long.TryParse(words[1], out long fence) && int.TryParse(words[2], out int seconds))
        {
            Post(() => _planner.Stop(words[0], fence, seconds, RunServiceReader.Now));
        }
    }
}
