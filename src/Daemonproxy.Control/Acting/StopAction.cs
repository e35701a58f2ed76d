using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Kernel;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Control.Acting;

/// <summary>
/// Stops a service, by the manager if one keeps it, and waits until it is down and its process tree is empty.
/// </summary>
internal sealed class StopAction(Session session, ManagerLink manager, TimeSpan? limit)
{
    // Added to the time after which a service gets SIGKILL.
    private const int SparedSeconds = 5;
    private const int UsualSeconds = 10;

    private readonly long _begin = Stopwatch.GetTimestamp();

    /// <summary>Requests the stop.</summary>
    public async Task BeginAsync(ServiceView service, long number)
    {
        if (number > 0)
        {
            await manager.AskAsync(service.Name, WishKind.Down, number).ConfigureAwait(false);
            return;
        }

        // Also for a service that is down, so that no trigger starts it. A second stop would bring SIGKILL forward.
        if (service.Service.StoppedSince is null)
        {
            // As its file says, also while no manager lives.
            StopWay way = service.Tag is { } tag ? StopWay.Parse(tag.Stop) : StopWay.Usual;
            foreach (DaemonCommand command in way.Commands(service.Name, service.Pid is not null))
            {
                await RunAsync(command).ConfigureAwait(false);
            }
        }
    }

    private async Task RunAsync(DaemonCommand command)
    {
        try
        {
            await session.Connection.RunAsync(command).ConfigureAwait(false);
        }
        catch (CommandFailedException failure)
            when (failure.Kind is ErrorKind.NotRunning or ErrorKind.NoTree && command.Name == "service.signal")
        {
            // It has ended by itself; or it was started by somebody else without a tree, and is waited for.
        }
    }

    /// <summary>Stops it, and waits.</summary>
    public async Task<Outcome> RunAsync(ServiceView before)
    {
        bool wasDown = before.Pid is null && before.State is not (ServiceState.Stopping or ServiceState.Starting);
        long number = manager.NumberFor(before);
        await BeginAsync(before, number).ConfigureAwait(false);
        if (wasDown)
        {
            ServiceView now = session.View(before.Name) ?? before;
            string age = before.Since is { } since ? $" for {DurationText.Of(before.Now.Value - since.Value)}" : "";
            return new Outcome(before.Name, "down", before.State == ServiceState.Waiting ? "no longer waiting"
                : $"already{(now.Since is null ? "" : age)}");
        }

        return await AwaitAsync(before, number).ConfigureAwait(false);
    }

    /// <summary>Waits until it is down, after a request of this number, or a stop by the daemon: 0.</summary>
    public async Task<Outcome> AwaitAsync(ServiceView before, long number)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(session.Interrupted);
        TimeSpan patience = limit ?? PatienceFor(before.Name, number);
        limited.CancelAfter(patience);
        try
        {
            ServiceInfo? found = await session.State.WaitAsync(
                before.Service.Name,
                now => now is null || (HasEnded(now, before.Service) && (number == 0 || IsDone(now, number))),
                limited.Token).ConfigureAwait(false);
            return new Outcome(before.Name, "stopped", found is null ? "and deleted" : EndOf(found));
        }
        catch (OperationCanceledException)
        {
            return Late(before, patience);
        }
    }

    /// <summary>True if the previous run is over, with its tree.</summary>
    public static bool HasEnded(ServiceInfo now, ServiceInfo before) =>
        now.Phase is ServicePhase.Exited or ServicePhase.Killed or ServicePhase.Never
            ? !new ServiceView(now, Instant.Now).HasLeftovers || now.Phase == ServicePhase.Never
            : now.Phase == ServicePhase.Up && before.Pid is not null && now.Pid != before.Pid;

    /// <summary>The end of a run: <c>SIGTERM, 1 s</c>, <c>SIGKILL after 10 s</c>.</summary>
    public string EndOf(ServiceInfo service)
    {
        string took = DurationText.Of((long)Stopwatch.GetElapsedTime(_begin).TotalSeconds);
        RunEnd? end = RunEnd.Of(service, ManagerTag.Find(service.Tags));
        return end is null or { Failure: not null } ? took
            : end.Signal == Signal.Kill ? $"SIGKILL after {took}"
            : $"{end.Cause}, {took}";
    }

    private static bool IsDone(ServiceInfo service, long number) =>
        ManagerTag.Find(service.Tags) is not { } tag || tag.Done >= number;

    private TimeSpan PatienceFor(string name, long number)
    {
        ServiceInfo? service = session.View(name)?.Service;
        long seconds = service?.KillAt is { } kill && number == 0
            ? Math.Max(0, kill.Value - Instant.Now.Value)
            : number > 0 ? 6 * UsualSeconds : UsualSeconds;
        return TimeSpan.FromSeconds(seconds + SparedSeconds);
    }

    private Outcome Late(ServiceView before, TimeSpan patience)
    {
        ServiceView? now = session.View(before.Name);
        string word = now?.Word ?? "gone";
        if (session.Interrupted.IsCancellationRequested)
        {
            return new Outcome(before.Name, word, "not waited for any longer")
            {
                IsFailed = true,
                Late = $"{before.Name} is {word}",
            };
        }

        if (now is { Pid: null, HasLeftovers: true })
        {
            int left = ProcessTable.Read().CountInSession(before.Pid ?? 0);
            string rest = left > 0 ? $"{left} left of its tree" : "something is left of its tree";
            return new Outcome(before.Name, "stopped", $"{EndOf(now.Service)}, {rest}") { IsFailed = true };
        }

        string waited = DurationText.Of((long)patience.TotalSeconds);
        return new Outcome(before.Name, word, $"after {waited}")
        {
            Colour = Colour.Yellow,
            IsFailed = true,
            Late = $"{before.Name} is still {word} after {waited}; it goes on",
        };
    }
}
