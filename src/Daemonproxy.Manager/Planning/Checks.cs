using System.Globalization;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Manager.Planning;

/// <summary>Runs health checks.</summary>
internal static class Checks
{
    // The interval until the first success of a check that determines readiness.
    private const long EveryWhileStarting = 1;

    /// <summary>Evaluates the last check, and starts the next one at its time.</summary>
    public static void Run(ServiceView service, Moment now, Plan plan)
    {
        if (service.Check is not { } check || service.Definition.Check is not { } definition)
        {
            return;
        }

        if (service.IsRefused)
        {
            return;
        }

        bool isStarting = service.Definition.Ready == "check" && !service.IsReady;
        if (!service.IsUp || service.IsHeld || (!isStarting && !service.IsReady))
        {
            if (check is { IsActive: true, IsHeld: false })
            {
                plan.Add("service.stop", check.Name, "0");
            }

            return;
        }

        long every = isStarting ? EveryWhileStarting : definition.Every;
        int pid = service.Info!.Pid!.Value;
        if (check.Tag.CheckedPid != pid)
        {
            check.Tag = check.Tag with
            {
                Of = service.Name,
                CheckedPid = pid,
                Tries = 0,
                Next = service.Info.Since!.Value + (isStarting ? 0 : every),
            };
        }

        if (check.IsActive)
        {
            End(check, definition, now, plan);
        }
        else if (check.HasNewEnd && Began(check.Info!) < service.Info.Since!.Value)
        {
            // The check was for the previous process.
            check.Tag = check.Tag with { Ended = check.End };
        }
        else if (check.HasNewEnd)
        {
            Take(service, check, definition, isStarting, now.Clock + every, plan);
        }

        if (!check.IsActive && check.Tag.Next is { } next)
        {
            plan.LookAt(next);
            if (next <= now.Clock && service.StopReason.Length == 0)
            {
                Steps.Define(check, check.Node.Settings, service, service.State, plan);
                plan.Add("service.start", check.Name);
            }
        }
    }

    // The second in which the ended run began.
    private static Instant Began(ServiceInfo info) => new(info.Since!.Value.Value - (info.Ran?.Value ?? 0));

    private static void End(StepView check, CheckDefinition definition, Moment now, Plan plan)
    {
        if (check is { IsUp: true, IsHeld: false })
        {
            Instant limit = check.Info!.Since!.Value + definition.Timeout;
            plan.LookAt(limit);
            if (limit <= now.Clock)
            {
                plan.Add("service.stop", check.Name, "0");
            }
        }
    }

    private static void Take(
        ServiceView service, StepView check, CheckDefinition definition, bool isStarting, Instant next, Plan plan)
    {
        check.Tag = check.Tag with
        {
            Ended = check.End,
            Tries = check.HasSucceeded ? 0 : check.Tag.Tries + 1,
            Next = next,
        };
        if (check.HasSucceeded)
        {
            if (isStarting)
            {
                service.Tag = service.Tag with { CheckedPid = service.Info!.Pid };
                plan.Info($"{service.Name}: ready, its check succeeds");
            }
        }
        else if (!isStarting && check.Tag.Tries >= definition.Fails)
        {
            check.Tag = check.Tag with { Tries = 0 };
            service.StopReason = StopReasons.Check;
        }
        else if (!isStarting)
        {
            plan.Warn(string.Create(
                CultureInfo.InvariantCulture,
                $"{service.Name}: its check failed ({check.Tag.Tries} of {definition.Fails}), {check.EndText}"));
        }
    }
}
