using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Loop;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>Launches the services that are due, and hands the outcome to the service manager.</summary>
internal sealed class ServiceLauncher(
    SystemCalls kernel,
    StateImage image,
    ServiceTable services,
    ServiceManager manager,
    LaunchSlots slots,
    IServiceConnections connections) : IEventSource
{
    /// <summary>Returns when the next start is due.</summary>
    public Instant PrepareWait(Instant now) => manager.NextDeadline;

    public void Run(TurnStep step, ref Instant now) => now = manager.NextDeadline <= now ? RunDue(now) : now;

    /// <summary>
    /// Launches services that are due, as many as the budget of a turn allows; the others wait for the next turn.
    /// Returns the time at the end.
    /// </summary>
    public Instant RunDue(Instant now)
    {
        LaunchBudget budget = new(now);
        while (manager.NextDeadline <= now && budget.Allows(now))
        {
            ServiceIndex service = manager.NextService;
            image.Header.Work.Service = service.Value;
            budget.Take();
            if (manager.TryBegin(service, now))
            {
                Launch(service, now);
            }

            image.Header.Work.Service = -1;
            now = kernel.Now();
        }

        return now;
    }

    private void Launch(ServiceIndex service, Instant now)
    {
        OwnConnection wanted = slots.Descriptors.ConnectionOf(services.Fds(service));
        ServiceEnds ends = ServiceEnds.None;
        int connection = -1;
        if (wanted.IsWanted)
        {
            Errno refused = connections.TryOpen(
                wanted.Socket, wanted.Events, wanted.Commands, out ends, out connection);
            if (refused != Errno.None)
            {
                manager.Finish(service, LaunchOutcome.Refused(LaunchStep.Connection, refused), now);
                return;
            }
        }

        image.Pass(CrashPoint.Launch);
        LaunchOutcome outcome = Execute(service, ends, now);
        if (outcome.IsRefused)
        {
            if (connection >= 0)
            {
                connections.Abandon(connection, ends);
            }

            manager.Finish(service, outcome, now);
            return;
        }

        image.Pass(CrashPoint.Launched);
        manager.Finish(service, outcome, now);
        image.Pass(CrashPoint.LaunchTold);
        if (connection >= 0)
        {
            connections.Settle(connection, ends);
        }
    }

    private LaunchOutcome Execute(ServiceIndex service, ServiceEnds ends, Instant now)
    {
        LaunchSlot slot = slots.Prepare(new LaunchSpecification
        {
            Arguments = services.Args(service),
            Descriptors = services.Fds(service),
            Ends = ends,
        });
        using RecordWriter<ServiceRecord> change = services.Change(service);

        // Set before: a resume that finds a process takes it as started then. What was refused was no start.
        Instant last = change.Record.Started;
        change.Record.Started = now;
        LaunchOutcome outcome = slot.Launch(kernel, ref change.Record.Pid);
        change.Record.Started = outcome.IsRefused ? last : now;
        return outcome;
    }
}
