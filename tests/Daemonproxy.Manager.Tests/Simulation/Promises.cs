using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Manager.Tests.Simulation;

/// <summary>The promises to users, stated once more, without the planner.</summary>
internal static class Promises
{
    /// <summary>True if what needs a service may start.</summary>
    public static bool IsReady(ServiceSet set, string name, StateSnapshot state)
    {
        if (!state.Services.TryGetValue(new ServiceName(name), out ServiceInfo? info) || info.StoppedSince is not null)
        {
            return false;
        }

        return set.Services.First(service => service.Name == name).Ready switch
        {
            "" => info.Phase == ServicePhase.Up,
            "exit" => info is { Phase: ServicePhase.Exited, ExitCode: 0 },
            "check" => info.Phase == ServicePhase.Up && TagOf(info)?.CheckedPid == info.Pid,
            _ => info is { Phase: ServicePhase.Up, ReadySince: not null },
        };
    }

    /// <summary>True if a service is stopped because it has failed itself: then what needs it goes on.</summary>
    public static bool IsFailing(StateSnapshot state, string name) =>
        state.Services.TryGetValue(new ServiceName(name), out ServiceInfo? info)
        && info.Phase == ServicePhase.Up && (
            TagOf(info) is not { } tag || tag.Tries >= 0 && IsLateOrUnwell(info, state));

    /// <summary>
    /// A service whose client would start it though what it needs is not ready; null if there is none.
    /// </summary>
    public static string? StartsTooEarly(ServiceSet set, StateSnapshot state) => (
        from service in set.Services
        where service.StartsOnDemand && IsArmed(state.Services.GetValueOrDefault(new ServiceName(service.Name)))
        from needed in service.Needs.Concat(service.Binds)
        where !IsReady(set, needed, state)
        select $"a client can start {service.Name}, and {needed}, which it needs, is not ready").FirstOrDefault();

    /// <summary>
    /// The first state that differs from the requests, when programs have behaved for a while; null if none.
    /// </summary>
    public static string? Broken(ServiceSet set, StateSnapshot state)
    {
        Dictionary<string, bool> mayRun = new(StringComparer.Ordinal);
        Dictionary<string, long> up = set.Services.ToDictionary(
            static service => service.Name, service => Own(service, state), StringComparer.Ordinal);
        foreach (ServiceDefinition service in set.Services.Reverse())
        {
            if (up[service.Name] > Down(service, state) || (IsServed(service) && Down(service, state) < 0))
            {
                foreach (string other in service.Needs.Concat(service.Binds).Concat(service.Wants))
                {
                    up[other] = long.Max(up[other], long.Max(up[service.Name], 0));
                }
            }
        }

        foreach (ServiceDefinition service in set.Services)
        {
            bool isWanted = up[service.Name] > Down(service, state);
            mayRun[service.Name] = (isWanted || (IsServed(service) && Down(service, state) < 0))
                && service.Needs.Concat(service.Binds).All(needed => mayRun[needed]);
            if (Broken(service, isWanted, mayRun[service.Name], set, state) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? Broken(
        ServiceDefinition service, bool isWanted, bool mayRun, ServiceSet set, StateSnapshot state)
    {
        ServiceInfo? info = state.Services.GetValueOrDefault(new ServiceName(service.Name));
        ManagerTag? tag = info is null ? null : TagOf(info);
        bool isUp = info?.Phase == ServicePhase.Up;
        if (!mayRun)
        {
            return isUp && (isWanted || Down(service, state) >= 0) ? $"{service.Name} runs, and must not" : null;
        }

        if (!isWanted)
        {
            // Its clients start it.
            return isUp || IsArmed(info) || !service.Needs.Concat(service.Binds).All(one => IsReady(set, one, state))
                ? null
                : $"{service.Name} is not up, and its clients do not start it: {info}";
        }

        bool areNeedsReady = service.Needs.Concat(service.Binds).All(needed => IsReady(set, needed, state));
        return IsReady(set, service.Name, state) || !areNeedsReady || tag is { HasGivenUp: true } || MayStayDown(
            service, info)
            ? null
            : $"{service.Name} is not ready, and shall be: {info?.Phase}, {tag}";
    }

    // It has ended, and its file says that this is so.
    private static bool MayStayDown(ServiceDefinition service, ServiceInfo? info) =>
        info?.Phase is ServicePhase.Exited or ServicePhase.Killed or ServicePhase.Never
        && (
            service.Restart.When == RestartWhen.Never || (
                service.Restart.When == RestartWhen.Failure && info.ExitCode == 0))
        && TagOf(info) is { Next: null };

    private static bool IsServed(ServiceDefinition service) => service is { StartsOnDemand: true, IsDisabled: false };

    private static bool IsArmed(ServiceInfo? info) => info is
    {
        Phase: not (ServicePhase.Up or ServicePhase.Waiting), StoppedSince: null, AutoUpTriggers.Count: > 0,
    };

    private static bool IsLateOrUnwell(ServiceInfo info, StateSnapshot state) =>
        TagOf(info)?.Stopping is "timeout" or "check";

    private static long Own(ServiceDefinition service, StateSnapshot state) => WishOf(service, state) switch
    {
        { Kind: WishKind.Down } => -1,
        { } wish => wish.Number,
        null => service.IsDisabled || service.StartsOnDemand ? -1 : 0,
    };

    private static long Down(ServiceDefinition service, StateSnapshot state) =>
        WishOf(service, state) is { Kind: WishKind.Down } wish ? wish.Number : -1;

    private static Wish? WishOf(ServiceDefinition service, StateSnapshot state) =>
        state.Services.TryGetValue(new ServiceName(service.Name), out ServiceInfo? info) ? Wish.Find(info.Tags) : null;

    private static ManagerTag? TagOf(ServiceInfo info) => ManagerTag.Find(info.Tags);
}
