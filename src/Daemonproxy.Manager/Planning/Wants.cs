using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Manager.Planning;

/// <summary>
/// Decides which services have to run: by the file, by requests, and by the needs of others. The newest request takes
/// precedence.
/// </summary>
internal static class Wants
{
    /// <summary>Sets which services are wanted, and which may run.</summary>
    /// <param name="services">All services, each after those that it needs.</param>
    /// <param name="isShuttingDown">True if no service is wanted.</param>
    public static void Decide(ImmutableArray<ServiceView> services, bool isShuttingDown)
    {
        foreach (ServiceView service in services)
        {
            service.UpNumber = isShuttingDown ? -1 : Own(service);
        }

        for (int place = services.Length - 1; place >= 0; place--)
        {
            ServiceView service = services[place];
            service.IsWanted = service.UpNumber > DownNumber(service);

            // A service that may start at any moment needs the others at any moment.
            if (service.IsWanted || (RunsByItself(service.Definition) && !isShuttingDown && DownNumber(service) < 0))
            {
                foreach (int needed in service.Node.Pulls)
                {
                    services[needed].UpNumber = long.Max(services[needed].UpNumber, long.Max(service.UpNumber, 0));
                }
            }
        }

        foreach (ServiceView service in services)
        {
            service.MayRun = (service.IsWanted || (RunsByItself(service.Definition) && DownNumber(service) < 0))
                && !isShuttingDown
                && service.Node.Needs.All(needed => services[needed].MayRun);
        }
    }

    /// <summary>Returns true if a schedule or a client starts it.</summary>
    public static bool RunsByItself(ServiceDefinition service) =>
        (service.IsScheduled || service.StartsOnDemand) && !service.IsDisabled;

    /// <summary>
    /// Treats a stop or a start that a user sent directly to the daemon as a request: the service stays stopped, or
    /// stays up.
    /// </summary>
    public static void NoteForeign(ServiceView service, Moment now, Plan plan)
    {
        if (service.Info is null || service.HasNewWish)
        {
            return;
        }

        bool isDown = service.Wish?.Kind == WishKind.Down;
        if (service.IsHeld && service.Tag.Stopping.Length == 0 && !isDown && service.OldTag is not null)
        {
            Send(service, WishKind.Down, now, plan);
            plan.Info($"{service.Name}: stopped by another controller, and stays down");
        }
        else if (isDown && service.IsActive && !service.IsHeld && service.Tag.Stopping == StopReasons.Wish)
        {
            Send(service, WishKind.Up, now, plan);
            service.Tag = service.Tag with { Stopping = "" };
            service.MayRun = true;
            plan.Info($"{service.Name}: started by another controller");
        }
    }

    private static void Send(ServiceView service, WishKind kind, Moment now, Plan plan)
    {
        var wish = new Wish(kind, long.Max(now.Wall.ToUnixTimeMilliseconds(), service.Tag.Done + 1));
        service.Tag = service.Tag with { Done = wish.Number, Stopping = kind == WishKind.Down ? StopReasons.Wish : "" };
        plan.Add("service.tag", service.Name, Wish.Key, wish.ToString());
    }

    private static long Own(ServiceView service) => service.Wish switch
    {
        { Kind: WishKind.Down } => -1,
        { } wish => wish.Number,
        _ => service.Definition.IsDisabled || RunsByItself(service.Definition) ? -1 : 0,
    };

    private static long DownNumber(ServiceView service) =>
        service.Wish is { Kind: WishKind.Down } wish ? wish.Number : -1;
}
