using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Generators.Checking;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.Generators;

/// <summary>
/// The generated files, and the part of the model for each: an output depends on nothing that it does not print.
/// </summary>
internal static class Products
{
    public static void Register(ProductRegistry registry)
    {
        RegisterProtocol(registry);
        RegisterCommands(registry);
        RegisterOptions(registry);
    }

    private static void RegisterProtocol(ProductRegistry registry)
    {
        registry.One(
            "Limits", static spec => (spec.Limits, spec.Sizes, spec.Manual.Version, spec.Docs.OfAll("limit")),
            LimitsWriter.Write);
        registry.EachDocumented(
            "Name", static spec => spec.Names, static name => "type " + name.Name, NameTypeWriter.Write);
        registry.EachDocumented(
            "Enum", static spec => spec.Enums, static @enum => "enum " + @enum.Name, EnumWriter.Write);
        registry.EachDocumented("Set", static spec => spec.Sets, static set => "set " + set.Name, SetWriter.Write);
        registry.One(
            "Errors", static spec => (spec.Errors, spec.Sizes, spec.Docs.OfAll("error")), ErrorsWriter.Write);
        registry.Each("Notices", static spec => Notices(spec), NoticesWriter.Write);
        registry.Each("LogMessages", static spec => Logs(spec), LogMessagesWriter.Write);
        registry.EachDocumented(
            "Event", static spec => spec.Events, static @event => "event " + @event.Name, EventWriter.Write);
    }

    private static void RegisterCommands(ProductRegistry registry)
    {
        registry.EachDocumented(
            "Command", static spec => spec.Commands, static command => "command " + command.Name, CommandWriter.Write);
        registry.Each("Dispatch", static spec => Undocumented(spec.Commands), DispatchWriter.Write);
        registry.One("CommandTable", static spec => CommandNames(spec), CommandTableWriter.WriteTable);
        registry.One("Run", static spec => CommandNames(spec), CommandTableWriter.WriteRun);
        registry.One(
            "Handlers",
            static spec => new HandlersModel(spec.Sections, Lookups(spec).Count > 0, spec.IsDraft),
            HandlersWriter.Write);
        registry.Each("Rights", static spec => Rights(spec), RightsWriter.Write);
        registry.Each("Section", static spec => spec.Sections, HandlersWriter.WriteSection);
        registry.Each("Lookup", static spec => Lookups(spec), LookupWriter.Write);
        registry.Each("SignalArgument", static spec => Signals(spec), SignalArgumentWriter.Write);
    }

    private static void RegisterOptions(ProductRegistry registry)
    {
        registry.One(
            "OptionTable", static spec => (spec.Options, spec.Docs.OfAll("option")), OptionsWriter.WriteTable);
        registry.One(
            "OptionHandler", static spec => (spec.Options, spec.Docs.OfAll("option")),
            OptionDispatchWriter.WriteHandler);
        registry.One("OptionDispatch", static spec => Undocumented(spec.Options), OptionDispatchWriter.WriteDispatch);
    }

    // What is only said of a command does not change how its fields are read.
    private static EquatableArray<CommandModel> Undocumented(EquatableArray<CommandModel> commands)
    {
        var bare = new List<CommandModel>();
        foreach (CommandModel command in commands)
        {
            bare.Add(command with
            {
                Fails = default,
                Emits = default,
                Streams = default,
                Needs = null,
                Lifecycle = LifecycleModel.Unknown,
                LongestAnswer = 0,
            });
        }

        return new EquatableArray<CommandModel>(bare);
    }

    private static EquatableArray<OptionModel> Undocumented(EquatableArray<OptionModel> options)
    {
        var bare = new List<OptionModel>();
        foreach (OptionModel option in options)
        {
            bare.Add(option with { Lifecycle = LifecycleModel.Unknown });
        }

        return new EquatableArray<OptionModel>(bare);
    }

    private static EquatableArray<string> CommandNames(SpecModel spec)
    {
        var names = new List<string>();
        foreach (CommandModel command in spec.Commands)
        {
            names.Add(command.Name);
        }

        return new EquatableArray<string>(names);
    }

    // One, if the senders of commands have rights.
    private static EquatableArray<RightsModel> Rights(SpecModel spec)
    {
        var needs = new List<string>();
        foreach (CommandModel command in spec.Commands)
        {
            if (command.Needs != null)
            {
                needs.Add(command.Needs);
            }
        }

        return needs.Count == 0
            ? default
            : new([new RightsModel(RightBinder.EnumName, new EquatableArray<string>(needs))]);
    }

    // Warnings and infos, as far as there are any.
    private static EquatableArray<NoticesModel> Notices(SpecModel spec)
    {
        var kinds = new List<NoticesModel>();
        foreach (string keyword in new[] { "warning", "info" })
        {
            var notices = new List<NoticeModel>();
            foreach (NoticeModel notice in spec.Notices)
            {
                if (notice.Event == keyword)
                {
                    notices.Add(notice);
                }
            }

            if (notices.Count > 0)
            {
                kinds.Add(new NoticesModel(
                    keyword, new EquatableArray<NoticeModel>(notices), spec.Docs.OfAll(keyword)));
            }
        }

        return new EquatableArray<NoticesModel>(kinds);
    }

    // One, if there are any.
    private static EquatableArray<LogsModel> Logs(SpecModel spec) =>
        spec.Logs.Count == 0 ? default : new([new LogsModel(spec.Logs, spec.Docs.OfAll("log"))]);

    // One, if any command takes a signal.
    private static EquatableArray<SignalsModel> Signals(SpecModel spec) =>
        Uses(spec, static type => type.Kind == ValueKind.Signal) ? new([new SignalsModel()]) : default;

    // One, if the parsing of fields asks anything.
    private static EquatableArray<LookupModel> Lookups(SpecModel spec)
    {
        var names = new List<NameTypeModel>(spec.Names);
        names.RemoveAll(name => !name.IsReference);
        bool asksSignals = AsksSignals(spec);
        bool takesDescriptors = TakesDescriptors(spec);
        return names.Count == 0 && !asksSignals && !takesDescriptors
            ? default
            : new([new LookupModel(new EquatableArray<NameTypeModel>(names), asksSignals, takesDescriptors)]);
    }

    private static bool AsksSignals(SpecModel spec) => Uses(spec, static type => type.MustBeCounted);

    private static bool TakesDescriptors(SpecModel spec)
    {
        foreach (CommandModel command in spec.Commands)
        {
            if (command.Takes != null)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Uses(SpecModel spec, Func<ArgumentModel, bool> what)
    {
        foreach (CommandModel command in spec.Commands)
        {
            foreach (FieldModel field in command.Fields)
            {
                if (field.Types.Any(what))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
