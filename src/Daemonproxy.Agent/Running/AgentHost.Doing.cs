using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Agent.Planning;
using Daemonproxy.Fleet.Store;
using StackExchange.Redis;

namespace Daemonproxy.Agent.Running;

/// <summary>Carries out the planner's decisions, outside of the loop; the results go back into the loop.</summary>
internal sealed partial class AgentHost
{
    // Of one job at once, so that many jobs share the connection.
    private const int MostChunk = 64 * 1024;

    private static readonly TimeSpan _pumpInterval = TimeSpan.FromMilliseconds(250);

    // The parts of outputs that Redis has.
    private readonly ConcurrentDictionary<Run, Printed> _printed = new();

    private void Do(AgentEffect effect)
    {
        switch (effect)
        {
            case LaunchEffect launch:
                Run(() => LaunchAsync(launch.Run));
                break;
            case StopEffect stop:
                Run(() => _starter!.StopAsync(stop.Run, stop.Seconds));
                break;
            case DeleteEffect delete:
                Run(() => DeleteAsync(delete.Run));
                break;
            case ReportEffect report:
                Run(() => ReportAsync(report.Run));
                break;
            case AskOwnerEffect question:
                Run(() => AskOwnerAsync(question.Run));
                break;
            case BackEffect back:
                Log("info", $"job {back.Name} is given back: {back.Why}");
                Run(() => _store.GiveBackAsync(back));
                break;
            case PauseEffect pause:
                Log("warning", Text($"takes no jobs for {pause.Length / 1000} s: {pause.Why}"));
                break;
        }
    }

    private async Task LaunchAsync(Run run)
    {
        string job = run.Terms.Name;
        (LaunchResult result, string? reason) = await _starter!.LaunchAsync(run).ConfigureAwait(false);
        Post(() =>
        {
            _planner.EndLaunch(run, result, reason, RunServiceReader.Now);
            Look(job);
        });
        if (result == LaunchResult.Accepted)
        {
            Log("debug", Text($"job {job}, run {run.Terms.Fence}, is started"));
        }
        else
        {
            Log("info", Text($"job {job}, run {run.Terms.Fence}, is not started: {result} {reason}"));
        }
    }

    private async Task DeleteAsync(Run run)
    {
        await _starter!.DeleteAsync(run).ConfigureAwait(false);
        _printed.TryRemove(run, out _);
        _files.Remove(run.Terms);
        Post(() => Look(run.Terms.Name));
    }

    private async Task ReportAsync(Run run)
    {
        Ownership answer = Ownership.Away;
        try
        {
            answer = await PrintAsync(run, isEnd: true).ConfigureAwait(false);
            if (answer == Ownership.Mine)
            {
                answer = await _store.FinishAsync(run, WallOf(run)).ConfigureAwait(false);
            }

            if (answer == Ownership.Gone && run.Terms.Fleet != _store.Fleet)
            {
                // A Redis that has lost its data gets the record again, and then the report.
                answer = await PrintAsync(run, isEnd: true, isAsked: true).ConfigureAwait(false);
                answer = answer == Ownership.Mine
                    ? await _store.FinishAsync(run, WallOf(run)).ConfigureAwait(false)
                    : answer;
            }

            if (answer != Ownership.Mine)
            {
                Log("info", Text($"job {run.Terms.Name}, run {run.Terms.Fence}: the report came too late ({answer})"));
            }
        }
        catch (Exception problem) when (RedisLink.IsAway(problem) || problem is RedisException)
        {
            Log("debug", problem.Message);
        }

        Post(() => _planner.EndReport(run, answer, RunServiceReader.Now));
    }

    private async Task AskOwnerAsync(Run run)
    {
        Ownership answer = Ownership.Away;
        try
        {
            answer = await PrintAsync(run, isEnd: false, isAsked: true).ConfigureAwait(false);
        }
        catch (Exception problem) when (RedisLink.IsAway(problem) || problem is RedisException)
        {
            Log("debug", problem.Message);
        }

        if (answer is Ownership.Late or Ownership.Gone)
        {
            Log("warning", Text(
                $"job {run.Terms.Name}, run {run.Terms.Fence}, was taken from this machine: it is stopped"));
        }

        Post(() => _planner.EndAskOwner(run, answer, RunServiceReader.Now));
    }

    // Outputs go to Redis while jobs run, each a part at a time.
    private async Task PumpAsync()
    {
        while (true)
        {
            await Task.Delay(_pumpInterval, _closing.Token).ConfigureAwait(false);
            if (Volatile.Read(ref _count) == 0)
            {
                continue;
            }

            Run[] running = await AskAsync(() => _planner.Runs
                .Where(static run => run.Phase == RunPhase.Running && !run.IsLate && run.Pid is not null).ToArray())
                .ConfigureAwait(false);
            foreach (Run run in running.Where(run => !_printed.GetOrAdd(run, static _ => new Printed()).IsBusy))
            {
                Run(() => PrintAsync(run, isEnd: false));
            }
        }
    }

    // Sends the part that Redis lacks: at the end all of it, and no part twice at once. A query returns the owner.
    private async Task<Ownership> PrintAsync(Run run, bool isEnd, bool isAsked = false)
    {
        Printed printed = _printed.GetOrAdd(run, static _ => new Printed());
        await printed.Turn.WaitAsync(_closing.Token).ConfigureAwait(false);
        printed.IsBusy = true;
        try
        {
            Ownership whose = Ownership.Mine;
            bool isFirst = isAsked || (!isEnd && !printed.IsTold) || (isEnd && !printed.IsTold && HasOutput(run));
            while (whose == Ownership.Mine && (isFirst || _files.SizeOf(run.Terms) > printed.Offset))
            {
                // Without an answer the next byte is unknown.
                byte[] bytes = printed is { IsTold: true, Room: > 0 }
                    ? _files.Read(run.Terms, printed.Offset, MostChunk)
                    : [];
                long skipped = printed is { IsTold: true, Room: 0 }
                    ? Math.Max(0, _files.SizeOf(run.Terms) - printed.Offset)
                    : 0;
                (whose, long next, long room) = await _store.SendProgressAsync(
                    run, WallOf(run), printed.Offset, bytes, skipped).ConfigureAwait(false);
                if (printed.IsTold && !isFirst && next == printed.Offset)
                {
                    break;
                }

                (printed.Offset, printed.Room, printed.IsTold, isFirst) = (next, room, true, false);
            }

            return whose;
        }
        finally
        {
            printed.IsBusy = false;
            printed.Turn.Release();
        }
    }

    private bool HasOutput(Run run) => _files.SizeOf(run.Terms) > 0;

    private long? WallOf(Run run) => run.StartedAt is { } started ? started + Volatile.Read(ref _offset) : null;

    private sealed class Printed
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public bool IsBusy { get; set; }

        public bool IsTold { get; set; }

        public long Offset { get; set; }

        public long Room { get; set; }
    }
}
