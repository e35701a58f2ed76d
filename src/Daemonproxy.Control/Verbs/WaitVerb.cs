using System;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Acting;
using Daemonproxy.Control.Kernel;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Views;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Verbs;

/// <summary><c>wait</c>: prints nothing but an error.</summary>
internal static class WaitVerb
{
    /// <summary>The values of <c>--for</c>.</summary>
    public static string[] Words { get; } = ["up", "ready", "down", "gone"];

    /// <summary>True if the exit code is the service's.</summary>
    public static bool EndsAsTheService(VerbCall call) => call.Verb.Run == Run && call.Value("--for") == "down";

    public static int Run(VerbCall call) => Session.Run(call, async session =>
    {
        string name = call.Words[0];
        string what = call.Value("--for") ?? "ready";
        if (what != "gone")
        {
            Selection.Required([name], session.Views());
        }

        if (!ServiceName.TryParse(name, out ServiceName service))
        {
            throw Problem.Usage($"'{VisibleText.Of(name)}' is not the name of a service");
        }

        TimeSpan? limit = call.Duration("--timeout");
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(session.Interrupted);
        limited.CancelAfter(limit ?? Timeout.InfiniteTimeSpan);
        try
        {
            ServiceInfo? found = await session.State.WaitAsync(service, now => IsThere(now, what), limited.Token)
                .ConfigureAwait(false);
            return what == "down" ? CodeOf(found)
                : found is null && what != "gone" ? throw new Problem(ExitCode.NoService, $"{name} was deleted")
                : found is not null && what != "gone" && HasFailed(found) ? throw Failure(found)
                : ExitCode.Done;
        }
        catch (OperationCanceledException)
        {
            if (session.Interrupted.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }

            ServiceView? now = session.View(name);
            string sign = now is { State: ServiceState.Starting } ? $" (no {StatusHints.SignOf(now)} yet)" : "";
            throw new Problem(ExitCode.TimeLimit, $"{name} is still {now?.Word ?? "gone"} after "
                + $"{DurationText.Of((long)limit!.Value.TotalSeconds)}{sign}");
        }
    });

    private static bool IsThere(ServiceInfo? service, string what)
    {
        if (service is null)
        {
            return true;
        }

        var view = new ServiceView(service, Instant.Now);
        return what switch
        {
            "up" => service.Phase == ServicePhase.Up || HasFailed(service),
            "ready" => view.Serves || HasFailed(service),
            "down" => service.Phase is ServicePhase.Never or ServicePhase.Exited or ServicePhase.Killed
                && view.State != ServiceState.Stopping,
            _ => false,
        };
    }

    // No start follows, so the wait would never end.
    private static bool HasFailed(ServiceInfo service) =>
        new ServiceView(service, Instant.Now).State == ServiceState.Failed;

    private static Problem Failure(ServiceInfo service)
    {
        var view = new ServiceView(service, Instant.Now);
        return new Problem(ExitCode.Failed, $"{view.Name} has failed: {StatusHints.Of(view, [view])}");
    }

    private static int CodeOf(ServiceInfo? service) => service switch
    {
        { Failure: { } failure } => RunVerb.CodeOf(failure),
        { KilledBy.Text: { } signal } => ExitCode.Signal + SignalNumbers.Of(signal),
        { ExitCode: { } code } => code,
        _ => ExitCode.Done,
    };
}
