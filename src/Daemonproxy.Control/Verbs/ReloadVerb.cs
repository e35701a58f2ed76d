using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Acting;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Control.Verbs;

/// <summary>
/// <c>reload</c>: the manager reads its file again; or services read theirs, by the signal or the command of the
/// manager's file. The manager has made the service that runs the command, and need not live.
/// </summary>
internal static class ReloadVerb
{
    private const string Process = "MAINPID=";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public static int Run(VerbCall call) => call.Words.Count == 0 ? DaemonVerbs.Reload(call) : Services(call);

    private static int Services(VerbCall call) => Session.Run(call, async session =>
    {
        // A pattern means those that can.
        List<ServiceView> services = Selection.Required(call.Words, session.Views())
            .FindAll(service => WayOf(service).Length > 0 || call.Words.Contains(service.Name));
        if (services.Count == 0)
        {
            throw new Problem(ExitCode.Failed, "none of these has 'reload' in the manager's file");
        }

        TimeSpan limit = call.Duration("--timeout") ?? _patience;
        using var lines = new ProgressLines(
            call, services.ConvertAll(service => service.Name), isInOrder: true, session.View);
        Outcome[] outcomes = await Task.WhenAll(services.Select(async service =>
        {
            lines.Begin(service.Name);
            Outcome outcome = await ReloadAsync(session, service, limit).ConfigureAwait(false);
            lines.Finish(outcome);
            return outcome;
        })).ConfigureAwait(false);
        lines.Dispose();
        return StartVerb.Finish(call, session, outcomes, "reload");
    });

    private static string WayOf(ServiceView service) => service.Tag?.Reload ?? "";

    private static Task<Outcome> ReloadAsync(Session session, ServiceView service, TimeSpan limit) =>
        WayOf(service) switch
        {
            "" => Task.FromResult(Failure(
                service, $"the manager's file does not say how: dpctl signal {service.Name} HUP", isRefused: true)),
            _ when service.Pid is null => Task.FromResult(Failure(service, "does not run", isRefused: true)),
            ManagerTag.ReloadsByCommand => RunAsync(session, service, limit),
            { } signal => SignalAsync(session, service, SignalVerb.Read(signal)),
        };

    private static async Task<Outcome> SignalAsync(Session session, ServiceView service, Signal signal) =>
        await SignalVerb.SendAsync(session, service, signal, isTree: false).ConfigureAwait(false) is { } failure
            ? Failure(service, failure, isRefused: true)
            : new Outcome(service.Name, "reloaded", $"{signal.Text} sent, PID {service.Pid}");

    private static async Task<Outcome> RunAsync(Session session, ServiceView service, TimeSpan limit)
    {
        string name = $"{service.Name}.reload";
        if (session.View(name)?.Service is not { } before)
        {
            return Failure(service, $"there is no service {name}: does a manager run?", isRefused: true);
        }

        using var limited = CancellationTokenSource.CreateLinkedTokenSource(session.Interrupted);
        limited.CancelAfter(limit);
        try
        {
            IEnumerable<string> variables = before.Environment
                .Where(static one => !one.StartsWith(Process, StringComparison.Ordinal));
            await session.Connection.ServiceEnvAsync(before.Name, [.. variables, $"{Process}{service.Pid}"])
                .ConfigureAwait(false);
            Task<ServiceInfo?> ended = session.State.WaitAsync(
                before.Name, now => now is null || HasEnded(now, before), limited.Token);
            await session.Connection.ServiceStartAsync(before.Name).ConfigureAwait(false);
            ServiceInfo? last = await ended.ConfigureAwait(false);
            RunEnd? end = last is null ? null : RunEnd.Of(last, tag: null);
            return end is { IsGood: true }
                ? new Outcome(service.Name, "reloaded", end.Text)
                : Failure(service, end?.LongText ?? "its command was deleted");
        }
        catch (CommandFailedException failure) when (failure.Kind == ErrorKind.NotStartable)
        {
            return Failure(service, "is reloading already", isRefused: true);
        }
        catch (OperationCanceledException)
        {
            bool isInterrupted = session.Interrupted.IsCancellationRequested;
            string waited = DurationText.Of((long)limit.TotalSeconds);
            return Failure(service, isInterrupted ? "not waited for any longer" : $"after {waited}") with
            {
                Late = isInterrupted
                    ? $"{service.Name} is reloading"
                    : $"{service.Name} is still reloading after {waited}; it goes on",
            };
        }
    }

    // A run that is over at once has the same PID as none before.
    private static bool HasEnded(ServiceInfo now, ServiceInfo before) =>
        now.Phase is ServicePhase.Exited or ServicePhase.Killed
        && (now.Pid != before.Pid || now.Since != before.Since || now.Failure != before.Failure);

    private static Outcome Failure(ServiceView service, string detail, bool isRefused = false) =>
        new(service.Name, "failed", detail) { Colour = Colour.Red, IsFailed = true, IsRefused = isRefused };
}
