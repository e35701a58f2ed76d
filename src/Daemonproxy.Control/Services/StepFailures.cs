using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Client;

namespace Daemonproxy.Control.Services;

/// <summary>
/// The command before a start that has failed: then the service itself has not run, and its last end, if it has one,
/// is an older one.
/// </summary>
internal static class StepFailures
{
    /// <summary><c>web.pre1: exit 1 in under 1 s</c>; null if no command before the last start has failed.</summary>
    /// <param name="service">The service.</param>
    /// <param name="all">All services of the daemon, those of such commands included.</param>
    public static string? Of(ServiceView service, IReadOnlyList<ServiceView> all)
    {
        if (service.Tag is not { Tries: > 0, Phase: "" } || service.Pid is not null)
        {
            return null;
        }

        // They run one after another: the one that ended last is the one that counts.
        ServiceView? last = all
            .Where(other => other.Tag?.Of == service.Name
                && other.Name.StartsWith($"{service.Name}.pre", StringComparison.Ordinal)
                && other.LastEnd?.At is not null)
            .MaxBy(static other => other.LastEnd!.At);
        return last?.LastEnd is { IsGood: false, At: { } at } end && !(service.LastEnd?.At > at)
            ? $"{last.Name}: {end.LongText}"
            : null;
    }
}
