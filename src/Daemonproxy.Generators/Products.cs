using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.Generators;

/// <summary>What is generated, and from what part of the model: an output depends on nothing that it does not print.</summary>
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
            "Limits", static spec => (spec.Limits, spec.Sizes, spec.Docs.OfAll("limit")), LimitsWriter.Write);
        registry.EachDocumented(
            "Name", static spec => spec.Names, static name => "type " + name.Name, NameTypeWriter.Write);
        registry.EachDocumented(
            "Enum", static spec => spec.Enums, static @enum => "enum " + @enum.Name, EnumWriter.Write);
        registry.EachDocumented("Set", static spec => spec.Sets, static set => "set " + set.Name, SetWriter.Write);
        registry.One(
            "Errors", static spec => (spec.Errors, spec.Sizes, spec.Docs.OfAll("error")), ErrorsWriter.Write);
        registry.One(
            "Warnings", static spec => ("warning", spec.Notices, spec.Docs.OfAll("warning")), NoticesWriter.Write);
        registry.One("Infos", static spec => ("info", spec.Notices, spec.Docs.OfAll("info")), NoticesWriter.Write);
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
        registry.One("Handler", static spec => (spec.Names, AsksSignals(spec)), HandlerWriter.Write);
        registry.One("SignalArgument", static _ => 0, static _ => SignalArgumentWriter.Write());
    }

    private static void RegisterOptions(ProductRegistry registry)
    {
        registry.One(
            "OptionTable", static spec => (spec.Options, spec.Docs.OfAll("option")), OptionsWriter.WriteTable);
        registry.One(
            "OptionHandler", static spec => (spec.Options, spec.Docs.OfAll("option")),
            OptionDispatchWriter.WriteHandler);
        registry.One("OptionDispatch", static spec => spec.Options, OptionDispatchWriter.WriteDispatch);
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
                Since = null,
                Deprecated = null,
                LongestAnswer = 0,
            });
        }

        return new EquatableArray<CommandModel>(bare);
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

    private static bool AsksSignals(SpecModel spec)
    {
        foreach (CommandModel command in spec.Commands)
        {
            foreach (FieldModel field in command.Fields)
            {
                if (field.Type is { MustBeCounted: true })
                {
                    return true;
                }
            }
        }

        return false;
    }
}
