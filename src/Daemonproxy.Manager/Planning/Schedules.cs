using System;
using Cronos;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Manager.Planning;

/// <summary>The start times of scheduled services.</summary>
internal static class Schedules
{
    /// <summary>Sets the next start of a scheduled service that does not run, unless that time has come.</summary>
    public static void Decide(ServiceView service, Moment now, Plan plan)
    {
        ServiceDefinition definition = service.Definition;
        if (!definition.IsScheduled || service.IsBusy || !service.MayRun || service.Tag.Next <= now.Clock)
        {
            return;
        }

        Instant? next = null;
        if (definition.Every > 0)
        {
            // The first time at once.
            next = service.Info?.Since is { } since && service.Info.Phase != ServicePhase.Never
                ? Later(new Instant(since.Value - (service.Info.Ran?.Value ?? 0)) + definition.Every, now.Clock)
                : now.Clock;
        }

        if (definition.Schedule.Length > 0
            && CronExpression.Parse(definition.Schedule).GetNextOccurrence(now.Wall, TimeZoneInfo.Local) is { } at)
        {
            // The clock may have been set since the last plan.
            var start = new Instant((long)Math.Ceiling(now.Exact + (at - now.Wall).TotalSeconds));
            next = next < start ? next : start;
        }

        if (next is { } found && (service.Tag.Next is not { } noted || Math.Abs(noted.Value - found.Value) > 1))
        {
            service.Tag = service.Tag with { Next = found };
        }

        if (service.Tag.Next is { } due)
        {
            plan.LookAt(due);
        }
    }

    private static Instant Later(Instant one, Instant other) => one > other ? one : other;
}
