using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Files;
using Daemonproxy.Manager.Planning;
using Daemonproxy.Manager.Tags;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Manager.Running;

/// <summary>
/// The ready-made controller: runs the services of a file. Whenever the daemon's state has changed or a time has come,
/// it makes a plan for the state and carries it out; in between it sleeps.
/// </summary>
public sealed class ManagerHost
{
    // The most characters of a mistake in the file that the mark has; the log has all of it.
    private const int LongestProblem = 500;

    // The delay after failed commands: the obstacle may be gone by then.
    private const long RetryAfter = 5;

    private readonly ManagerOptions _options;
    private readonly Sleep _sleep;

    private readonly IDaemon _daemon;
    private readonly PlanRunner _runner;
    private readonly TransitionLog _transitions;
    private ServiceGraph _graph = ServiceGraph.Empty;
    private ManagerMark _mark;
    private DaemonDefinition _daemonIs = new();
    private Instant? _shutdownSince;
    private Instant? _lookAgain;
    private int _reloads;

    private ManagerHost(IDaemon daemon, ManagerOptions options)
    {
        _daemon = daemon;
        _options = options;
        _sleep = new Sleep(options.Stopping);
        _runner = new PlanRunner(daemon, options.Log);
        _transitions = new TransitionLog(options.Log);
        _mark = new ManagerMark
        {
            Pid = Environment.ProcessId,
            Began = OwnProcess.Began(Environment.ProcessId),
            File = Path.GetFullPath(options.File),
        };
    }

    /// <summary>Runs the services until it is stopped, or the daemon has ended.</summary>
    /// <param name="daemon">The daemon, by a connection with all rights.</param>
    /// <param name="options">The file, and the log.</param>
    /// <param name="started">Gets the manager once it runs, so that <see cref="Reload"/> can be called.</param>
    public static async Task<ManagerEnd> RunAsync(
        IDaemon daemon, ManagerOptions options, Action<ManagerHost>? started = null)
    {
        ArgumentNullException.ThrowIfNull(daemon);
        ArgumentNullException.ThrowIfNull(options);
        var host = new ManagerHost(daemon, options);
        try
        {
            return await host.RunAsync(started).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (options.Stopping.IsCancellationRequested)
        {
            return ManagerEnd.Stopped;
        }
        catch (ConnectionClosedException)
        {
            return ManagerEnd.DaemonEnded;
        }
    }

    /// <summary>Requests to read the file again. May be called by a signal handler.</summary>
    public void Reload()
    {
        Interlocked.Increment(ref _reloads);
        _sleep.Wake();
    }

    private async Task<ManagerEnd> RunAsync(Action<ManagerHost>? started)
    {
        IAsyncEnumerable<DaemonEvent> events = _daemon.ReadEventsAsync(_options.Stopping);
        DaemonState state = await _daemon.FollowStateAsync(_options.Stopping).ConfigureAwait(false);
        if (Find(state.Current) is { } other && OwnProcess.IsAlive(other) && other.Pid != _mark.Pid)
        {
            _options.Log(new LogLine(
                LogLevel.Error, string.Create(CultureInfo.InvariantCulture, $"PID {other.Pid} manages already")));
            return ManagerEnd.NotAlone;
        }

        if (Load() is { } problem)
        {
            _options.Log(new LogLine(LogLevel.Error, problem));
            return ManagerEnd.BadFile;
        }

        // A shutdown in progress continues; other earlier requests are done.
        _mark = _mark with
        {
            Done = Find(state.Current)?.Done ?? 0,
            IsShuttingDown = Find(state.Current)?.IsShuttingDown ?? false,
        };
        await SendMarkAsync().ConfigureAwait(false);
        await SetDaemonAsync().ConfigureAwait(false);
        started?.Invoke(this);
        _ = _sleep.WakeByAsync(events);
        while (true)
        {
            await state.Complete.WaitAsync(_options.Stopping).ConfigureAwait(false);
            try
            {
                if (await LookAsync(state.Current).ConfigureAwait(false) is { } end)
                {
                    return end;
                }
            }
            catch (ArgumentException mistake)
            {
                // No content of a file or of the daemon's state may end the manager.
                _options.Log(new LogLine(LogLevel.Error, mistake.Message));
                await SleepAsync(Instant.Now + RetryAfter).ConfigureAwait(false);
            }
            catch (CommandFailedException refused)
            {
                _options.Log(new LogLine(LogLevel.Error, $"the daemon refuses {refused.Message}"));
                await SleepAsync(Instant.Now + RetryAfter).ConfigureAwait(false);
            }
            catch (Exception lost) when (lost is ConnectionClosedException or AnswerLostException)
            {
                // The wait for the state shows whether the daemon has ended.
            }
        }
    }

    // Makes a plan for the state, carries it out, and sleeps if it is empty. Returns null unless the manager has to
    // end.
    private async Task<ManagerEnd?> LookAsync(StateSnapshot state)
    {
        ManagerMark? mark = Find(state);
        if (mark?.Pid != _mark.Pid)
        {
            // Another daemon without state, or another manager.
            if (mark is not null && OwnProcess.IsAlive(mark))
            {
                return ManagerEnd.NotAlone;
            }

            _daemonIs = new DaemonDefinition();
            await SendMarkAsync().ConfigureAwait(false);
            await SetDaemonAsync().ConfigureAwait(false);
            return null;
        }

        await TakeWishAsync(state).ConfigureAwait(false);
        ForgetRefusals(state);
        Plan plan = MakePlan(state);
        RunResult result = await _runner.RunAsync(plan, _options.Stopping).ConfigureAwait(false);
        if (result == RunResult.AllFailed)
        {
            Instant retry = Instant.Now + RetryAfter;
            await SleepAsync(_lookAgain is { } earlier && earlier < retry ? earlier : retry).ConfigureAwait(false);
        }
        else if (result == RunResult.Nothing)
        {
            await SleepAsync(_lookAgain).ConfigureAwait(false);
        }

        return _runner.HasEndedDaemon ? ManagerEnd.DaemonEnded : null;
    }

    // A request that a service runs allows another try.
    private void ForgetRefusals(StateSnapshot state)
    {
        foreach (string name in _runner.Refused.ToArray())
        {
            if (
                state.Services.TryGetValue(
                    new ServiceName(name.Length > 0 ? name : ManagerMark.Service), out ServiceInfo? info)
                && Wish.Find(info.Tags) is { } wish
                && wish.Number > (ManagerTag.Find(info.Tags)?.Done ?? 0))
            {
                _runner.Forget(name);
            }
        }
    }

    private Task SleepAsync(Instant? until) => _sleep.UntilAsync(
        until, hasSchedule: _graph.Nodes.Any(static node => node.Definition.Schedule.Length > 0));

    private Plan MakePlan(StateSnapshot state)
    {
        TextList? ending = ShutdownSignals.ProgramOf(_graph.Set.Daemon, state.Signals.Keys);
        bool isShuttingDown = _mark.IsShuttingDown || ending is not null;
        Instant now = Instant.Now;
        Instant? lookForStarts = _transitions.Tell(state, _graph, now);
        if (isShuttingDown)
        {
            _shutdownSince ??= now;
        }

        Plan plan = Planner.Make(
            _graph,
            state,
            new Moment(now, DateTimeOffset.UtcNow) { Exact = Sleep.ExactClock() },
            isShuttingDown,
            Environment.ProcessId,
            ending,
            _runner.Refused);
        _lookAgain = plan.LookAgain is { } other && !(lookForStarts < other) ? other : lookForStarts;
        foreach (LogLine line in plan.Log)
        {
            _options.Log(line);
        }

        if (isShuttingDown && _graph.Set.Daemon.StopTime is > 0 and var most)
        {
            Instant end = _shutdownSince!.Value + most;
            if (end > now)
            {
                _lookAgain = _lookAgain is { } earlier && earlier < end ? earlier : end;
            }
            else if (!_runner.Refused.Contains(""))
            {
                _options.Log(
                    new LogLine(LogLevel.Warning, $"not all services have stopped within {Durations.Text(most)}"));
                plan.AddEnd(_graph.Set.Daemon, ending);
            }
        }

        return plan;
    }

    // Reads the file. On mistakes it logs all, returns the first, and leaves the services unchanged.
    private string? Load()
    {
        ServicesFileResult result = ServicesFile.Read(_options.File);
        Problem[] errors = [.. result.Problems.Where(static problem => problem.Severity == Severity.Error)];
        foreach (Problem problem in result.Problems.Except(errors.Take(1)))
        {
            _options.Log(new LogLine(
                problem.Severity == Severity.Error ? LogLevel.Error : LogLevel.Warning, problem.ToString()));
        }

        if (result.Services is { } services)
        {
            _graph = new ServiceGraph(services);
            _runner.Forget();
            return null;
        }

        return errors[0].ToString();
    }

    private async Task TakeWishAsync(StateSnapshot state)
    {
        if (Interlocked.Exchange(ref _reloads, 0) > 0)
        {
            await ReloadAsync().ConfigureAwait(false);
        }

        Wish? wish = state.Services.TryGetValue(new ServiceName(ManagerMark.Service), out ServiceInfo? info)
            ? Wish.Find(info.Tags)
            : null;
        if (wish is null || wish.Number <= _mark.Done)
        {
            return;
        }

        string problem = "";
        if (wish.Kind == WishKind.Reload)
        {
            problem = await ReloadAsync().ConfigureAwait(false);
        }

        _mark = _mark with
        {
            Done = wish.Number,
            Problem = problem.Length > LongestProblem ? problem[..LongestProblem] : problem,
            IsShuttingDown = _mark.IsShuttingDown || wish.Kind == WishKind.Shutdown,
        };
        await SendMarkAsync().ConfigureAwait(false);
    }

    private async Task<string> ReloadAsync()
    {
        if (Load() is { } problem)
        {
            _options.Log(new LogLine(LogLevel.Error, $"{problem}; nothing was changed"));
            return problem;
        }

        string count = _graph.Nodes.Length.ToString(CultureInfo.InvariantCulture);
        _options.Log(new LogLine(
            LogLevel.Info, $"read {_mark.File}: {count} service{(_graph.Nodes.Length == 1 ? "" : "s")}"));
        await SetDaemonAsync().ConfigureAwait(false);
        return "";
    }

    // Sends changed settings of the daemon itself.
    private async Task SetDaemonAsync()
    {
        DaemonDefinition daemon = _graph.Set.Daemon;
        if (daemon.ExecOnExit != _daemonIs.ExecOnExit)
        {
            await SetAsync(new DaemonCommand("terminate.exec_args", [.. daemon.ExecOnExit])).ConfigureAwait(false);
        }

        if (daemon.Guard != _daemonIs.Guard)
        {
            if (_daemonIs.Guard is { } old)
            {
                await SetAsync(GuardCommand("-", old)).ConfigureAwait(false);
            }

            if (daemon.Guard is { } code)
            {
                // The previous manager may have set it already.
                await SetAsync(GuardCommand("+", code)).ConfigureAwait(false);
            }
        }

        _daemonIs = daemon;
    }

    private static DaemonCommand GuardCommand(string sign, long code) =>
        new("terminate.guard", sign, code.ToString(CultureInfo.InvariantCulture));

    private async Task SetAsync(DaemonCommand command)
    {
        try
        {
            await _daemon.RunAsync(command, _options.Stopping).ConfigureAwait(false);
        }
        catch (CommandFailedException problem) when (problem.Kind == ErrorKind.GuardIsSet)
        {
            // As it should be.
        }
        catch (CommandFailedException problem)
        {
            _options.Log(new LogLine(LogLevel.Error, $"the daemon refuses {problem.Message}"));
        }
    }

    private Task<CommandResult> SendMarkAsync() => _daemon.RunAsync(
        new DaemonCommand("service.tag", ManagerMark.Service, ManagerTag.Key, _mark.ToString()), _options.Stopping);

    private static ManagerMark? Find(StateSnapshot state) =>
        state.Services.TryGetValue(new ServiceName(ManagerMark.Service), out ServiceInfo? info)
            ? ManagerMark.Find(info.Tags)
            : null;
}
