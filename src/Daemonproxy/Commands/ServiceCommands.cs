using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Access;
using Daemonproxy.Collections;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Services;

namespace Daemonproxy.Commands;

/// <summary>Commands about services.</summary>
internal sealed partial class ServiceCommands(
    CommandContext context,
    SystemCalls kernel,
    ConnectionTable connections,
    ServiceTable services,
    ServiceManager manager,
    ServiceLauncher launcher,
    CommandHelper helper,
    DescriptorTriggers inputs,
    FdTable fds,
    AccessPolicies access,
    ErrorReporter report,
    RunLog runs) : IServicesCommands
{
    // A start may have been meant for so many seconds ago; earlier ones are mistakes.
    private const long MostSecondsPast = 100_000;

    // As many undefined descriptors as a person mends one by one are named; a line may have thousands, and its answer
    // has to fit into the room that is kept for one (Limits.LongestAnswer). The others are counted.
    private const int MostWarnings = 8;

    private readonly FixedArray<byte> _triggers = new(kernel, 2 * Limits.Line);

    public CommandError ServiceArgs(scoped in ServiceArgsArguments arguments)
    {
        ServiceIndex service = services.SetText(arguments.Name, ServiceTextTag.Args, arguments.Args);
        if (service.IsNone)
        {
            return Errors.ArgsDoNotFit;
        }

        LineWriter line = connections.Begin();
        Events.ServiceArgs(ref line, arguments.Name.Name, services.Args(service));
        connections.Announce(EventSubject.Of(service), line);
        manager.ConsiderAutoUp(service, context.Now);
        return CommandError.None;
    }

    public CommandError ServiceTags(scoped in ServiceTagsArguments arguments) =>
        SetTags(arguments.Name, arguments.Tags);

    [SkipLocalsInit]
    public CommandError ServiceFds(scoped in ServiceFdsArguments arguments)
    {
        if (!MayName(arguments.Fds))
        {
            return Errors.NotAllowed;
        }

        // Without the empty fields; never longer than what came.
        Span<byte> text = stackalloc byte[Limits.Line];
        LineWriter kept = new(text);
        Join(ref kept, arguments.Fds.Fields);
        ServiceIndex service = services.SetText(arguments.Name, ServiceTextTag.Fds, kept.Written);
        if (service.IsNone)
        {
            return Errors.FdsDoNotFit;
        }

        int undefined = 0;
        foreach (ServiceFdsFdsArgument fd in arguments.Fds)
        {
            if (fd.Kind == ServiceFdsFdsKind.Value)
            {
                WarnIfUndefined(fd.Value, ref undefined);
            }
        }

        WarnOfOthers(undefined);
        LineWriter line = connections.Begin();
        Events.ServiceFds(ref line, arguments.Name.Name, services.Fds(service));
        connections.Announce(EventSubject.Of(service), line);
        return CommandError.None;
    }

    public CommandError ServiceAutoUp(scoped in ServiceAutoUpArguments arguments)
    {
        if (!MayTrigger(arguments.Triggers))
        {
            return Errors.NotAllowed;
        }

        ulong triggers = 0;
        LineWriter text = new(_triggers.Span);
        foreach (ServiceAutoUpTriggersArgument trigger in arguments.Triggers)
        {
            triggers |= TriggerOf(trigger, out ReadOnlySpan<byte> shown);
            Separate(ref text);

            // A number is shorter than the name that it is printed as.
            text.Text(shown);
            if (text.Length > Limits.Line)
            {
                return Errors.BadTriggers;
            }
        }

        if (NotPolled(arguments.Triggers, triggers, out Name name))
        {
            return Errors.CannotPoll(name);
        }

        bool isOff = arguments.IntervalIsDash || triggers == 0;
        if (!isOff)
        {
            connections.NoteStart(context.Connection);
        }

        int interval = isOff ? 0 : (int)arguments.Interval.Value;
        ServiceIndex service = manager.SetAutoUp(
            arguments.Name, interval, isOff ? 0 : triggers, isOff ? default : text.Written, context.Now);
        if (service.IsNone)
        {
            return Errors.BadTriggers;
        }

        if ((triggers & TriggerEvaluator.Descriptors) != 0)
        {
            WarnOfUndefined(arguments.Triggers);
        }

        LineWriter line = connections.Begin();
        ServiceEvents.AutoUp(ref line, services, service);
        connections.Announce(EventSubject.Of(service), line);
        return CommandError.None;
    }

    public CommandError ServiceStart(scoped in ServiceStartArguments arguments)
    {
        if (arguments.WhenIsDash)
        {
            return ErrorOf(manager.Cancel(arguments.Name, context.Now));
        }

        Instant due = context.Now;
        if (arguments.When.IsGiven)
        {
            due = arguments.When.Value;
            if (due < Instant.FromWholeSeconds(context.Now.WholeSeconds - MostSecondsPast))
            {
                return Errors.BadTimestamp;
            }

            due = due < context.Now ? context.Now : due;
        }

        connections.NoteStart(context.Connection);
        return services.HasArgs(arguments.Name)
            ? ErrorOf(manager.Start(arguments.Name, due, context.Now))
            : Errors.NoArgs;
    }

    public CommandError ServiceDelete(scoped in ServiceDeleteArguments arguments) =>
        ErrorOf(manager.Delete(arguments.Name, context.Now));

    // An error without placeholders, as the service manager returns it.
    private static CommandError ErrorOf(ErrorId id) => new(id, default, 0, Errno.None);

    // Its bit, and how it is printed.
    private static ulong TriggerOf(ServiceAutoUpTriggersArgument trigger, out ReadOnlySpan<byte> shown)
    {
        shown = trigger.Text;
        switch (trigger.Kind)
        {
            case ServiceAutoUpTriggersKind.Always:
                return TriggerEvaluator.Always;
            case ServiceAutoUpTriggersKind.Fd:
                return TriggerEvaluator.Descriptors;
            default:
                Signal signal = trigger.Value;
                shown = signal.Text;
                return 1UL << signal.Number;
        }
    }

    // The first of the triggers that names a descriptor of which the kernel cannot tell whether it has input.
    private bool NotPolled(ServiceAutoUpTriggersList all, ulong triggers, out Name name)
    {
        name = default;
        if ((triggers & TriggerEvaluator.Descriptors) != 0)
        {
            foreach (ServiceAutoUpTriggersArgument trigger in all)
            {
                if (trigger.Kind != ServiceAutoUpTriggersKind.Fd)
                {
                    continue;
                }

                name = trigger.Fd;
                if (fds.TryFind(name, out FdIndex fd) && !inputs.CanPoll(fd))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void WarnOfUndefined(ServiceAutoUpTriggersList triggers)
    {
        int undefined = 0;
        foreach (ServiceAutoUpTriggersArgument trigger in triggers)
        {
            if (trigger.Kind == ServiceAutoUpTriggersKind.Fd)
            {
                WarnIfUndefined(trigger.Fd, ref undefined);
            }
        }

        WarnOfOthers(undefined);
    }

    private void WarnIfUndefined(Name name, ref int undefined)
    {
        if (!fds.TryFind(name, out FdIndex _) && ++undefined <= MostWarnings)
        {
            LineWriter line = connections.Begin();
            Warnings.FdUndefined(ref line, name);
            context.Connection.Send(line.Written);
            report.UndefinedFd(context.Connection, name);
        }
    }

    // Those for which there was no warning of their own.
    private void WarnOfOthers(int undefined)
    {
        if (undefined > MostWarnings)
        {
            LineWriter line = connections.Begin();
            Warnings.FdsUndefined(ref line, undefined - MostWarnings);
            context.Connection.Send(line.Written);
        }
    }
}
