using System;
using System.Globalization;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Tags;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Manager.Planning;

/// <summary>
/// The commands before a start and after an end. The tag of the service has the current one. The tag of the command has
/// the end before this run, which shows whether the command has run.
/// </summary>
internal static class Steps
{
    /// <summary>Where a service stands while the command runs that stops it.</summary>
    public const string StopPhase = "stop";

    /// <summary>Where a service stands between its stop and the signal for its tree.</summary>
    public const string TreePhase = "tree";

    private const long MostSecondsOfPost = 60;

    /// <summary>Starts the commands before a start.</summary>
    /// <returns>False if there are none.</returns>
    public static bool BeginPre(ServiceView service, StateSnapshot state, Plan plan)
    {
        if (service.Pre.Length == 0)
        {
            return false;
        }

        Begin(service, "pre", 1, service.Pre, state, plan);
        return true;
    }

    /// <summary>Records that the commands after an end are next.</summary>
    public static void BeginPost(ServiceView service)
    {
        bool isStopping = service.Tag.Phase is StopPhase or TreePhase;
        if (isStopping && service.Step is { IsActive: true })
        {
            // The command that stops it has not ended yet.
            return;
        }

        if (service.Post.Length > 0)
        {
            service.Post[0].Tag = TagOf(service, service.Post[0]);
        }

        if (isStopping || service.Post.Length > 0)
        {
            service.Tag = service.Tag with { Phase = service.Post.Length > 0 ? "post1" : "" };
        }
    }

    /// <summary>
    /// Begins the command that stops a service, unless it has failed: then it gets its signal at once.
    /// </summary>
    /// <returns>False if there is none, or it has run: the signal is next.</returns>
    public static bool BeginStop(ServiceView service, StateSnapshot state, Plan plan)
    {
        if (service.Stopper is not { } step
            || !service.IsUp
            || service.IsRefused
            || StopReasons.IsFailure(service.StopReason))
        {
            return false;
        }

        if (service.Tag.Phase == StopPhase && (step.HasNewEnd || step.IsHeld))
        {
            step.Tag = step.Tag with { Ended = step.End };
            return false;
        }

        Define(step, SettingsOfStop(step.Node, service.Info!.Pid ?? 0), service, state, plan);
        service.Tag = service.Tag with { Phase = StopPhase };
        Starts.SendTag(service, plan);
        if (service.Info!.AutoUpTriggers.Count > 0)
        {
            // A client must not start it again when it has ended by the command.
            plan.Add(ServiceSettings.Disarm(service.Name));
        }

        plan.Add("service.start", step.Name);
        return true;
    }

    /// <summary>Has the daemon know the command by which a service reads its own configuration again.</summary>
    public static void DefineReload(ServiceView service, StateSnapshot state, Plan plan)
    {
        if (service is { IsRefused: false, Reloader: { IsActive: false } step }
            && step.Tag.Run != step.Node.Settings.Hash)
        {
            Define(step, step.Node.Settings, service, state, plan);
        }
    }

    /// <summary>Continues with the current command of a service.</summary>
    public static void Continue(ServiceView service, StateSnapshot state, bool isShuttingDown, Plan plan)
    {
        if (service.Step is { } running)
        {
            Limit(service, running, plan);
        }

        if (service.Step is not { } step
            || service.IsRefused
            || step.IsActive
            || service.IsActive
            || service.HasBegunStep
            || service.Tag.Phase != service.OldTag?.Phase)
        {
            return;
        }

        if (service.Tag.Phase == StopPhase)
        {
            // Its service has ended, and so has it.
            step.Tag = step.Tag with { Ended = step.End };
            BeginPost(service);
            return;
        }

        bool isPost = service.Tag.Phase.StartsWith("post", StringComparison.Ordinal);
        string word = isPost ? "post" : "pre";
        StepView[] steps = isPost ? service.Post : service.Pre;
        int number = (int)TagWords.Number(service.Tag.Phase[word.Length..]);
        if (!step.HasNewEnd)
        {
            // It has not run yet, or its start was cancelled.
            if (!isPost && (isShuttingDown || step.IsHeld || service.StopReason.Length > 0))
            {
                service.Tag = service.Tag with { Phase = "" };
            }
            else
            {
                Begin(service, word, number, steps, state, plan);
            }

            return;
        }

        if (!isPost && (!step.HasSucceeded || step.IsHeld || !service.CanStart))
        {
            End(service, step, plan);
        }
        else if (number < steps.Length)
        {
            Begin(service, word, number + 1, steps, state, plan);
        }
        else if (isPost)
        {
            service.Tag = service.Tag with { Phase = "" };
            step.Tag = step.Tag with { Ended = step.End };
        }
        else
        {
            step.Tag = step.Tag with { Ended = step.End };
            Starts.Send(service, plan);
        }
    }

    // A command that hangs must not block a stop for ever; a command before a start may take as long as the start.
    private static void Limit(ServiceView service, StepView step, Plan plan)
    {
        long limit = service.Tag.Phase switch
        {
            StopPhase => long.Max(service.Definition.StopTimeout, 1),
            ['p', 'o', 's', 't', ..] => MostSecondsOfPost,
            _ => service.Definition.ReadyWithin,
        };
        if (limit > 0 && step is { IsUp: true, IsHeld: false })
        {
            Instant end = step.Info!.Since!.Value + limit;
            plan.LookAt(end);
            if (end <= service.Now.Clock)
            {
                plan.Warn($"{step.Name}: still runs after {Durations.Text(limit)}, and is stopped");
                plan.Add("service.stop", step.Name, "0");
            }
        }
    }

    private static void End(ServiceView service, StepView step, Plan plan)
    {
        step.Tag = step.Tag with { Ended = step.End };
        if (step.IsHeld || step.HasSucceeded)
        {
            // It was stopped, or the service cannot start any more: the commands run again from the first one when it
            // can.
            service.Tag = service.Tag with { Phase = "" };
        }
        else
        {
            Ends.Fail(service, $"{step.Name} failed, {step.EndText}", service.Now, plan);
        }
    }

    private static void Begin(
        ServiceView service, string word, int number, StepView[] steps, StateSnapshot state, Plan plan)
    {
        StepView step = steps[number - 1];
        service.HasBegunStep = true;
        ServiceSettings settings = word == "post"
            ? SettingsOfPost(step.Node, service)
            : step.Node.Settings;
        service.Tag = service.Tag with { Phase = string.Create(CultureInfo.InvariantCulture, $"{word}{number}") };
        Define(step, settings, service, state, plan);
        Starts.SendTag(service, plan);
        plan.Add("service.start", step.Name);
    }

    /// <summary>Sends the settings of a command, if they differ from its current ones, and its tag.</summary>
    public static void Define(
        StepView step, ServiceSettings settings, ServiceView service, StateSnapshot state, Plan plan)
    {
        if (step.Tag.Run != settings.Hash)
        {
            step.Tag = step.Tag with { Run = "" };
            Starts.Claim(step, plan);
            Starts.SendTag(step, plan);
            Starts.MakeDescriptors(step.Name, settings, state, isChanged: false, plan);
            foreach (DaemonCommand command in settings.Commands)
            {
                plan.Add(command);
            }
        }

        step.Tag = TagOf(service, step) with { Run = settings.Hash };
        Starts.SendTag(step, plan);
    }

    private static ManagerTag TagOf(ServiceView service, StepView step) =>
        step.Tag with { Of = service.Name, Ended = step.End };

    /// <summary>The settings of the command that stops a service.</summary>
    /// <param name="step">The command.</param>
    /// <param name="pid">The process of the service.</param>
    public static ServiceSettings SettingsOfStop(StepNode step, int pid) => ServiceSettings.OfStep(
        step.Name.Text!, step.Command, step.Service, string.Create(CultureInfo.InvariantCulture, $"MAINPID={pid}"));

    /// <summary>The settings of a command after the end of a service.</summary>
    /// <param name="step">The command.</param>
    /// <param name="service">The service that has ended; null for the longest possible settings.</param>
    public static ServiceSettings SettingsOfPost(StepNode step, ServiceView? service)
    {
        string code = $"{(service is null ? 255 : service.Info?.ExitCode ?? -1)}";
        string signal = service is null ? "SIGRTMIN+15" : service.Info?.KilledBy?.Text ?? "";
        string pid = $"{(service is null ? int.MaxValue : service.Info?.Pid ?? 0)}";
        return ServiceSettings.OfStep(
            step.Name.Text!,
            step.Command,
            step.Service,
            $"EXIT_CODE={code}",
            $"EXIT_SIGNAL={signal}",
            $"EXIT_SIGNAL_NUMBER={SignalNumbers.Of(signal)}",
            $"EXIT_PID={pid}");
    }
}
