using System.Globalization;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Tags;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Manager.Planning;

/// <summary>Handles the ends of services: each is counted once.</summary>
internal static class Ends
{
    /// <summary>Counts an unprocessed end of a service, and decides when it starts again.</summary>
    public static void Account(ServiceView service, Moment now, Plan plan)
    {
        if (!service.HasNewEnd || service.OldTag is null)
        {
            return;
        }

        service.Tag = service.Tag with { Ended = service.End, LastEnd = LastEnd(service.Info!), CheckedPid = null };
        if (StopReasons.IsFailure(service.Tag.Stopping))
        {
            Fail(
                service, service.Tag.Stopping == StopReasons.Check ? "its check failed" : "not ready in time", now,
                    plan);
        }
        else if (service.IsHeld || service.Tag.Stopping.Length > 0)
        {
            service.Tag = service.Tag with { Tries = 0, TryingSince = null, Next = null };
            plan.Info($"{service.Name}: stopped, {service.EndText}");
        }
        else
        {
            End(service, now, plan);
        }

        Steps.BeginPost(service);
    }

    /// <summary>A start or a run of a service has failed.</summary>
    public static void Fail(ServiceView service, string text, Moment now, Plan plan)
    {
        RestartPolicy policy = service.Definition.Restart;
        ManagerTag tag = service.Tag;
        bool isFirst = tag.Tries == 0 || service.Info is { Ran.Value: var ran } && ran >= policy.Reset;
        long tries = isFirst ? 1 : tag.Tries + 1;
        tag = tag with { Tries = tries, TryingSince = isFirst ? now.Clock : tag.TryingSince, Phase = "" };
        if (policy.When == RestartWhen.Never || service.Definition.IsScheduled || IsPrevented(service, policy))
        {
            service.Tag = tag with { Next = null };
            plan.Error($"{service.Name}: {text}");
            return;
        }

        if (policy.GiveUp > 0 && tries >= policy.GiveUp)
        {
            service.Tag = tag with { Next = null, HasGivenUp = true };
            string time = Durations.Text((now.Clock - (tag.TryingSince ?? now.Clock)).Value);
            plan.Error(string.Create(
                CultureInfo.InvariantCulture,
                $"{service.Name}: {text}; given up after {tries} tries in {time}: dpctl start {service.Name}"));
            return;
        }

        long delay = policy.DelayAfter(tries);
        service.Tag = tag with { Next = now.Clock + delay, Restarts = tag.Restarts + 1 };
        string count = policy.GiveUp > 0 ? string.Create(
            CultureInfo.InvariantCulture, $" ({tries} of {policy.GiveUp})") : "";
        plan.Warn(string.Create(CultureInfo.InvariantCulture, $"{service.Name}: {text}{count}, again in {delay} s"));
    }

    private static string LastEnd(ServiceInfo info) => string.Create(
        CultureInfo.InvariantCulture,
        $"{info.KilledBy?.Text ?? $"{info.ExitCode}"},{info.Ran?.Value},{info.Since?.Value}");

    private static void End(ServiceView service, Moment now, Plan plan)
    {
        RestartPolicy policy = service.Definition.Restart;
        bool hasSucceeded = service.HasSucceeded
            || (service.Info is { ExitCode: { } code, Failure: null } && policy.Success.Contains(code));
        if (hasSucceeded && policy.When != RestartWhen.Always)
        {
            service.Tag = service.Tag with { Tries = 0, TryingSince = null, Next = null };
            plan.Info($"{service.Name}: {service.EndText}");
        }
        else
        {
            Fail(service, service.EndText, now, plan);
        }
    }

    private static bool IsPrevented(ServiceView service, RestartPolicy policy) =>
        service.Info is { ExitCode: { } code, Failure: null } && policy.Prevent.Contains(code);
}
