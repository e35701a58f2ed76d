using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Acting;
using Daemonproxy.Control.Connecting;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Views;

namespace Daemonproxy.Control.Verbs;

/// <summary><c>start</c>, <c>stop</c> and <c>restart</c>: all services at once, each with its own line.</summary>
internal static class StartVerb
{
    private const int MostOutputs = 3;
    private const int OutputLines = 5;
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(30);

    public static int Start(VerbCall call) => Session.Run(call, async session =>
    {
        List<ServiceView> services = Selection.Required(call.Words, session.Views());
        var manager = new ManagerLink(session);
        var action = new StartAction(session, manager, call.Duration("--timeout") ?? _startLimit);
        if (call.Has("--no-wait"))
        {
            await Task.WhenAll(services.Where(service => service.Pid is null)
                .Select(service => action.BeginAsync(service, manager.NumberFor(service)))).ConfigureAwait(false);
            return ExitCode.Done;
        }

        Outcome[] outcomes;
        using (var lines = new ProgressLines(call, Names(services), isInOrder: true, session.View))
        {
            outcomes = await AllAsync(services, service => TrackAsync(lines, service.Name, action.RunAsync(service)))
                .ConfigureAwait(false);
        }

        return Finish(call, session, outcomes, "start");
    });

    public static int Stop(VerbCall call) => Session.Run(call, async session =>
    {
        List<ServiceView> services = Selection.Required(call.Words, session.Views());
        var manager = new ManagerLink(session);
        var action = new StopAction(session, manager, call.Duration("--timeout"));
        if (call.Has("--no-wait"))
        {
            await Task.WhenAll(services.Select(
                service => action.BeginAsync(service, manager.NumberFor(service)))).ConfigureAwait(false);
            return ExitCode.Done;
        }

        using var lines = new ProgressLines(call, Names(services), isInOrder: manager.Mark is null, session.View);
        Outcome[] outcomes = await AllAsync(
            services, service => TrackAsync(lines, service.Name, action.RunAsync(service))).ConfigureAwait(false);
        lines.Dispose();
        return Finish(call, session, outcomes, "stop");
    });

    public static int Restart(VerbCall call) => Session.Run(call, async session =>
    {
        List<ServiceView> services = Selection.Required(call.Words, session.Views());
        var manager = new ManagerLink(session);
        var action = new RestartAction(
            session, manager, call.Duration("--timeout"), call.Duration("--timeout") ?? _startLimit);
        if (call.Has("--no-wait"))
        {
            await Task.WhenAll(services.Select(action.BeginAsync)).ConfigureAwait(false);
            return ExitCode.Done;
        }

        Outcome[] outcomes;
        using (var lines = new ProgressLines(call, Names(services), isInOrder: false, session.View))
        {
            outcomes = await AllAsync(services, service => action.RunAsync(service, lines)).ConfigureAwait(false);
        }

        return Finish(call, session, outcomes, "start");
    });

    private static string[] Names(List<ServiceView> services) => [.. services.Select(service => service.Name)];

    private static Task<T[]> AllAsync<T>(IEnumerable<ServiceView> services, Func<ServiceView, Task<T>> action) =>
        Task.WhenAll(services.Select(action));

    private static async Task<Outcome> TrackAsync(ProgressLines lines, string name, Task<Outcome> action)
    {
        lines.Begin(name);
        Outcome outcome = await action.ConfigureAwait(false);
        lines.Finish(outcome);
        return outcome;
    }

    /// <summary>Tells of those that are not as was asked for; the exit code.</summary>
    public static int Finish(VerbCall call, Session session, Outcome[] outcomes, string verb)
    {
        Outcome[] late = [.. outcomes.Where(outcome => outcome.Late is not null)];
        foreach (Outcome outcome in late)
        {
            call.Error.WriteLine($"dpctl: {outcome.Late}");
        }

        Outcome[] failed = [.. outcomes.Where(outcome => outcome.IsFailed && outcome.Late is null)];
        if (failed.Length > 0)
        {
            call.Error.WriteLine(outcomes.Length == 1
                ? $"dpctl: {failed[0].Name} did not {verb}."
                : $"dpctl: {failed.Length} of {outcomes.Length} did not {verb}.");
        }

        if (verb != "stop")
        {
            WriteOutputs(call, session, [.. failed.Where(static outcome => !outcome.IsRefused)]);
        }

        return session.Interrupted.IsCancellationRequested ? ExitCode.Interrupted
            : failed.Length > 0 ? ExitCode.Failed
            : late.Length > 0 ? ExitCode.TimeLimit
            : ExitCode.Done;
    }

    // So that no second command is needed.
    private static void WriteOutputs(VerbCall call, Session session, Outcome[] failed)
    {
        if (failed.Length == 0)
        {
            return;
        }

        var files = new OutputFiles(session.State.Current, DaemonReading.Read(session.Path, SocketFinder.Limit).Pid);
        int shown = 0;
        foreach (Outcome outcome in failed)
        {
            if (shown == MostOutputs || session.View(outcome.Name) is not { } view
                || files.Of(view) is not { Path: { } path } file
                || FileTail.Read(path, OutputLines, out _) is not { Count: > 0 } lines)
            {
                continue;
            }

            shown++;
            call.Error.WriteLine($"{outcome.Name}'s output{(file.IsShared ? ", among that of others" : "")}:");
            lines.ForEach(line => call.Error.WriteLine($"  {line}"));
        }
    }
}
