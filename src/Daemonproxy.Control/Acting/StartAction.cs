using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Views;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Control.Acting;

/// <summary>
/// Starts a service, by the manager if one keeps it, and waits until it is ready. A service that does not report
/// readiness is ready after a second.
/// </summary>
internal sealed class StartAction(Session session, ManagerLink manager, TimeSpan limit)
{
    private static readonly TimeSpan _proof = TimeSpan.FromSeconds(1);
    private readonly long _begin = Stopwatch.GetTimestamp();

    /// <summary>Requests the start.</summary>
    public async Task BeginAsync(ServiceView service, long number)
    {
        if (number > 0)
        {
            await manager.AskAsync(service.Name, WishKind.Up, number).ConfigureAwait(false);
            return;
        }

        try
        {
            await session.Connection.ServiceStartAsync(service.Name).ConfigureAwait(false);
        }
        catch (CommandFailedException failure) when (failure.Kind == ErrorKind.NotStartable)
        {
            // The service is up by now.
        }
    }

    /// <summary>Starts the service, and waits.</summary>
    public async Task<Outcome> RunAsync(ServiceView before)
    {
        if (before.State is ServiceState.Ready or ServiceState.Up)
        {
            string age = before.Since is { } since ? $" for {DurationText.Of(before.Now.Value - since.Value)}" : "";
            return Outcome.Of(before, $"already, PID {before.Pid}{age}");
        }

        try
        {
            long number = manager.NumberFor(before);
            return await AwaitAsync(before, number, BeginAsync).ConfigureAwait(false);
        }
        catch (CommandFailedException failure) when (failure.Kind != ErrorKind.NotAllowed)
        {
            return new Outcome(before.Name, "failed", VisibleText.Of(failure.Text))
            {
                Colour = Colour.Red,
                IsFailed = true,
            };
        }
    }

    /// <summary>
    /// Waits until it is up, after a request of this number, or a start by the daemon: 0. It reads the state before it
    /// begins, so that a very short run is noticed.
    /// </summary>
    public async Task<Outcome> AwaitAsync(ServiceView before, long number, Func<ServiceView, long, Task>? begin)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(session.Interrupted);
        limited.CancelAfter(limit);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<ServiceInfo?> settled = session.State.WaitAsync(
            before.Service.Name, now => IsSettled(now, before.Service, number, up), limited.Token);
        try
        {
            await (begin?.Invoke(before, number) ?? Task.CompletedTask).ConfigureAwait(false);
            Task proven = ProveAsync(up.Task, limited.Token);
            await Task.WhenAny(settled, proven).ConfigureAwait(false);
            ServiceInfo? found = proven.IsCompletedSuccessfully && !settled.IsCompleted
                ? session.View(before.Name)?.Service
                : await settled.ConfigureAwait(false);
            return found is null
                ? new Outcome(before.Name, "gone", "it was deleted") { IsFailed = true }
                : await FinishAsync(new ServiceView(found, Instant.Now), limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Late(before.Name);
        }
        finally
        {
            await limited.CancelAsync().ConfigureAwait(false);
            await ((Task)settled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The service does not report readiness, and has been up for a second; an earlier end would have completed the
    // wait.
    private static async Task ProveAsync(Task up, CancellationToken cancellation)
    {
        await up.WaitAsync(cancellation).ConfigureAwait(false);
        await Task.Delay(_proof, cancellation).ConfigureAwait(false);
    }

    private static bool IsSettled(ServiceInfo? now, ServiceInfo before, long number, TaskCompletionSource up)
    {
        if (now is null)
        {
            return true;
        }

        var view = new ServiceView(now, Instant.Now);
        if (number > 0 && (view.Tag?.Done ?? 0) < number)
        {
            return false;
        }

        if (now.Phase == ServicePhase.Up)
        {
            if (view.State == ServiceState.Up)
            {
                up.TrySetResult();
            }

            return view.State == ServiceState.Ready;
        }

        // The manager has not looked at this end yet, and decides what follows.
        bool hasEnded = now.Phase is ServicePhase.Exited or ServicePhase.Killed;
        if (number > 0 && (hasEnded ? !view.IsEndCounted : now.Phase == ServicePhase.Waiting))
        {
            return false;
        }

        // As it was before, it has not been started yet; or a command before its start has failed since the wish.
        bool isNew = now.Since != before.Since || now.Pid != before.Pid || now.Phase != before.Phase
            || now.Failure != before.Failure || view.Tag is { HasGivenUp: true }
            || (number > 0 && view.Tag is { Tries: > 0 });
        return isNew && (view.State is ServiceState.Failed or ServiceState.Done or ServiceState.Down
            || (view.State == ServiceState.Waiting && (view.Tag is null or { Tries: > 0 } || now.Failure is not null)));
    }

    private async Task<Outcome> FinishAsync(ServiceView view, CancellationToken cancellation)
    {
        if (view.State is ServiceState.Ready or ServiceState.Up)
        {
            return Outcome.Of(view, $"PID {view.Pid}, {Took()}");
        }

        string end = StepFailures.Of(view, session.Views()) ?? view.LastEnd?.LongText ?? "";
        if (view.State == ServiceState.Done || view.LastEnd is { IsGood: true })
        {
            return Outcome.Of(view, end);
        }

        // The daemon's next event has the time of the next start.
        if (view.Service.AutoUpTriggers.Contains("always") && view.Service.StoppedSince is null && view.Tag is null)
        {
            ServiceInfo? next = await session.State.WaitAsync(
                view.Service.Name, now => now?.Phase is null or ServicePhase.Waiting or ServicePhase.Up, cancellation)
                .ConfigureAwait(false);
            view = next is null ? view : new ServiceView(next, Instant.Now);
        }

        string again = view.NextStart is { } when
            ? $", again in {DurationText.Of(when.Value - view.Now.Value)}"
            : "";
        return Outcome.Of(view, end + again, isFailed: true);
    }

    private Outcome Late(string name)
    {
        ServiceView? view = session.View(name);
        string word = view?.Word ?? "gone";
        if (session.Interrupted.IsCancellationRequested)
        {
            return new Outcome(name, word, "not waited for any longer") { IsFailed = true, Late = $"{name} is {word}" };
        }

        string waited = DurationText.Of((long)limit.TotalSeconds);
        string sign = view is { State: ServiceState.Starting } ? $" (no {StatusHints.SignOf(view)} yet)" : "";
        return new Outcome(name, word, $"after {waited}")
        {
            Colour = view is null ? Colour.None : StateWords.ColourOf(view.State),
            IsFailed = true,
            Late = $"{name} is still {word} after {waited}{sign}; it goes on",
        };
    }

    private string Took() => DurationText.Of((long)Stopwatch.GetElapsedTime(_begin).TotalSeconds);
}
