using System;
using System.Threading.Tasks;
using Daemonproxy.Control.Services;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Control.Acting;

/// <summary>Stops a service and starts it: two lines. If a manager keeps the service, it does both.</summary>
internal sealed class RestartAction(
    Session session, ManagerLink manager, TimeSpan? stopLimit, TimeSpan startLimit)
{
    /// <summary>Requests a restart without waiting.</summary>
    public async Task BeginAsync(ServiceView service)
    {
        if (manager.Keeps(service))
        {
            await manager.AskAsync(service.Name, WishKind.Restart, manager.NextNumber()).ConfigureAwait(false);
            return;
        }

        if (service.Pid is not null)
        {
            await new StopAction(session, manager, stopLimit).RunAsync(service).ConfigureAwait(false);
        }

        await new StartAction(session, manager, startLimit).BeginAsync(service, number: 0).ConfigureAwait(false);
    }

    /// <summary>Restarts it and prints its lines; returns the outcome.</summary>
    public async Task<Outcome> RunAsync(ServiceView service, IProgress lines)
    {
        lines.Begin(service.Name);
        long number = manager.NumberFor(service);
        if (number > 0)
        {
            await manager.AskAsync(service.Name, WishKind.Restart, number).ConfigureAwait(false);
        }

        if (service.Pid is not null)
        {
            var stop = new StopAction(session, manager, stopLimit);
            if (number == 0)
            {
                await stop.BeginAsync(service, number).ConfigureAwait(false);
            }

            // The tag shows the number of the request when all of it is done.
            Outcome stopped = await stop.AwaitAsync(service, number: 0).ConfigureAwait(false);
            lines.Finish(stopped);
            if (stopped.IsFailed)
            {
                return stopped;
            }

            lines.Begin(service.Name);
        }

        ServiceView between = session.View(service.Name) ?? service;
        var start = new StartAction(session, manager, startLimit);
        Outcome outcome = number > 0
            ? await start.AwaitAsync(service, number, begin: null).ConfigureAwait(false)
            : await start.RunAsync(between).ConfigureAwait(false);
        lines.Finish(outcome);
        return outcome;
    }
}
