using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Acting;
using Daemonproxy.Control.Connecting;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Tags;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Verbs;

/// <summary>The verbs for the daemon itself and the manager.</summary>
internal static class DaemonVerbs
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>The levels of the log.</summary>
    public static string[] Levels { get; } = ["trace", "debug", "info", "warning", "error", "fatal", "none"];

    /// <summary><c>log</c>: shows or sets the level.</summary>
    public static int Log(VerbCall call)
    {
        if (call.Words is [string word] && !Levels.Contains(word))
        {
            throw Problem.Usage("log sets the daemon's log level; the output of "
                + $"{VisibleText.Of(word)}: dpctl tail {VisibleText.Of(word)}{Suggestion.For(word, Levels)}");
        }

        return Session.Run(call, async session =>
        {
            string before = await LevelAsync(session, null).ConfigureAwait(false);
            if (call.Words is [string level])
            {
                LogLevel chosen = Enum.Parse<LogLevel>(level, ignoreCase: true);
                await LevelAsync(session, chosen).ConfigureAwait(false);
                call.Out.WriteLine($"{level}, was {before}");
            }
            else
            {
                call.Out.WriteLine(before);
            }

            return ExitCode.Done;
        });
    }

    /// <summary><c>upgrade</c>: replaces the running program.</summary>
    public static int Upgrade(VerbCall call) => Session.Run(call, async session =>
    {
        DaemonReading reading = DaemonReading.Read(session.Path, SocketFinder.Limit);
        string before = VersionOf(reading);
        string program = call.Words is [string path] ? Path.GetFullPath(path) : ProgramOf(reading);
        long? guard = call.Value("--guard") is null ? null : call.Number("--guard", 0);
        await session.Connection.ReexecAsync(program, guard).ConfigureAwait(false);
        await session.Connection.SynchronizeAsync().ConfigureAwait(false);
        string services = Sentence.Count(session.State.Current.Services.Count, "service");
        call.Out.WriteLine(
            $"daemonproxy {before} is now {VersionOf(reading)}, PID {reading.Pid} as before, {services} untouched");
        return ExitCode.Done;
    });

    /// <summary><c>shutdown</c>: stops all services, and ends the daemon.</summary>
    public static int Shutdown(VerbCall call) => Session.Run(call, async session =>
    {
        int? pid = DaemonReading.Read(session.Path, SocketFinder.Limit).Pid;
        List<ServiceView> running = session.Views().FindAll(service =>
            service.Pid is not null || service.Service.Phase == ServicePhase.Waiting || service.HasLeftovers);
        var manager = new ManagerLink(session);
        var action = new StopAction(session, manager, call.Duration("--timeout"));
        bool isManaged = manager.Mark is not null;
        string[] names = [.. running.Select(service => service.Name)];
        using (var lines = new ProgressLines(call, names, isInOrder: !isManaged, session.View))
        {
            if (isManaged)
            {
                await manager.AskAsync(ManagerMark.Service, WishKind.Shutdown, manager.NextNumber())
                    .ConfigureAwait(false);
            }

            Outcome[] outcomes = await Task.WhenAll(
                running.Select(service => StopAsync(action, service, lines, isManaged))).ConfigureAwait(false);
            if (outcomes.Any(outcome => outcome.IsFailed))
            {
                lines.Dispose();
                throw new Problem(ExitCode.Failed, "the daemon was not ended, since not all is stopped");
            }
        }

        if (!isManaged)
        {
            long? guard = call.Value("--guard") is null ? null : call.Number("--guard", 0);
            await EndAsync(session, guard).ConfigureAwait(false);
        }

        using var limited = CancellationTokenSource.CreateLinkedTokenSource(session.Interrupted);
        limited.CancelAfter(call.Duration("--timeout") ?? _patience);
        Task closed = session.Connection.Closed;
        await closed.WaitAsync(limited.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!closed.IsCompleted)
        {
            throw new Problem(ExitCode.TimeLimit, "the daemon still runs; it goes on");
        }

        call.Out.WriteLine($"daemonproxy ended{(pid is null ? "" : $", PID {pid}")}");
        return ExitCode.Done;
    });

    /// <summary><c>reload</c>: the manager reads its file again.</summary>
    public static int Reload(VerbCall call) => Session.Run(call, async session =>
    {
        var manager = new ManagerLink(session);
        if (manager.Mark is not { } mark)
        {
            throw new Problem(ExitCode.Failed, "no manager keeps these services");
        }

        long number = manager.NextNumber();
        await manager.AskAsync(ManagerMark.Service, WishKind.Reload, number).ConfigureAwait(false);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(session.Interrupted);
        limited.CancelAfter(call.Duration("--timeout") ?? _patience);
        try
        {
            ServiceInfo? found = await session.State.WaitAsync(
                ManagerMark.Service,
                now => now is null || ManagerMark.Find(now.Tags) is not { } current || current.Done >= number,
                limited.Token).ConfigureAwait(false);
            string problem = (found is null ? null : ManagerMark.Find(found.Tags))?.Problem ?? "";
            return problem.Length > 0
                ? throw new Problem(ExitCode.Failed, VisibleText.Of(problem))
                : Print(call, mark.File);
        }
        catch (OperationCanceledException)
        {
            throw new Problem(ExitCode.TimeLimit, $"the manager, PID {mark.Pid}, has not answered");
        }
    });

    private static int Print(VerbCall call, string file)
    {
        call.Out.WriteLine($"reloaded {VisibleText.Of(file)}");
        return ExitCode.Done;
    }

    private static async Task<Outcome> StopAsync(
        StopAction action, ServiceView service, ProgressLines lines, bool isManaged)
    {
        lines.Begin(service.Name);
        Outcome outcome;
        try
        {
            outcome = isManaged
                ? await action.AwaitAsync(service, number: 0).ConfigureAwait(false)
                : await action.RunAsync(service).ConfigureAwait(false);
        }
        catch (ConnectionClosedException) when (isManaged)
        {
            // The daemon ends once all are down.
            outcome = new Outcome(service.Name, "stopped", "");
        }

        lines.Finish(outcome);
        return outcome;
    }

    private static async Task EndAsync(Session session, long? guard)
    {
        try
        {
            await session.Connection.TerminateAsync(0, guard).ConfigureAwait(false);
        }
        catch (ConnectionClosedException)
        {
            // So it has ended.
        }
    }

    private static async Task<string> LevelAsync(Session session, LogLevel? level)
    {
        LogFilterLevelArgument? argument = level is { } chosen ? chosen : null;
        CommandResult result = await session.Connection.LogFilterAsync(argument).ConfigureAwait(false);
        LogFilterEvent? answer = result.Answers.OfType<LogFilterEvent>().FirstOrDefault();
        return answer?.Level.ToString().ToLowerInvariant() ?? "unknown";
    }

    private static string VersionOf(DaemonReading reading) =>
        (reading.Pid is { } pid ? DaemonProgram.VersionOf(pid) : null) ?? "of unknown version";

    // The file from which the daemon was started, also if another file has its name now.
    private static string ProgramOf(DaemonReading reading)
    {
        const string deleted = " (deleted)";
        string? program = reading.Pid is { } pid ? DaemonProgram.PathOf(pid) : null;
        return program is null
            ? throw new Problem(ExitCode.Failed, "the daemon's program is not visible: dpctl upgrade PATH")
            : program.EndsWith(deleted, StringComparison.Ordinal) ? program[..^deleted.Length] : program;
    }
}
