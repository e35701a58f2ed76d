using System.Collections.Generic;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>The files of the other side of the protocol, and the part of the model for each.</summary>
internal static class ClientProducts
{
    public static void Register(ProductRegistry registry)
    {
        registry.One(
            "ClientLimits", static spec => (spec.Limits, spec.Manual.Version, spec.Docs.OfAll("limit")),
            ClientLimitsWriter.Write);
        registry.EachDocumented(
            "ClientName", static spec => spec.Names, static name => "type " + name.Name, ClientNameWriter.Write);
        registry.EachDocumented(
            "ClientEnum", static spec => spec.Enums, static @enum => "enum " + @enum.Name, ClientEnumWriter.Write);
        registry.EachDocumented(
            "ClientSet", static spec => spec.Sets, static set => "set " + set.Name, ClientSetWriter.Write);
        registry.One(
            "ClientErrors", static spec => (spec.Errors, spec.Docs.OfAll("error")), ClientErrorsWriter.Write);
        registry.EachDocumented(
            "ClientEvent", static spec => Announced(spec), static @event => "event " + @event.Name,
            ClientEventWriter.Write);
        registry.One("ClientParser", static spec => EventNames(spec), ClientEventWriter.WriteParser);
        registry.EachDocumented(
            "ClientCommand", static spec => spec.Commands, static command => "command " + command.Name,
            ClientCommandWriter.Write);
        registry.One("ClientSpec", static spec => ClientSpecModel.Of(spec), ClientSpecWriter.Write);
    }

    // Every event that has a name on the wire.
    private static EquatableArray<EventModel> Announced(SpecModel spec)
    {
        var events = new List<EventModel>();
        foreach (EventModel @event in spec.Events)
        {
            if (@event.Name != ClientCSharp.Raw)
            {
                events.Add(@event);
            }
        }

        return new EquatableArray<EventModel>(events);
    }

    private static EquatableArray<string> EventNames(SpecModel spec)
    {
        var names = new List<string>();
        foreach (EventModel @event in Announced(spec))
        {
            names.Add(@event.Name);
        }

        return new EquatableArray<string>(names);
    }
}
