using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>
/// Writes the interfaces of the sections, to which each command adds its method, and the class that has their
/// handlers.
/// </summary>
internal static class HandlersWriter
{
    private const string Class = "CommandHandlers";

    public static GeneratedFile Write(HandlersModel model, Namespaces names)
    {
        var members = new List<(string Type, string Local, string Property, string Docs)>();
        if (model.HasLookup)
        {
            members.Add((ICommandLookup, "lookup", "Lookup", "Answers what the parsing of fields asks."));
        }

        foreach (string section in model.Sections)
        {
            string local = section.Length == 0 ? "commands" : Identifiers.Local(section);
            bool isTaken = section is "commands" or "lookup";
            members.Add((
                InCommands + TypeIdentifiers.Section(section), isTaken ? local + "_" : local, Property(section),
                "Runs the commands " + Of(section) + "."));
        }

        var writer = new SourceWriter(names, names.Commands);
        if (model.IsDraft && members.Count == 0)
        {
            // Unread parameter.
            writer.Line("#pragma warning disable CS9113");
        }

        writer.Summary("The handlers of all commands: one for each section of the spec.");
        writer.Line(GeneratedCode);
        writer.OpenCall(
            $"internal sealed class {Class}(",
            model.IsDraft ? ["params object?[] all"] : members.ConvertAll(member => member.Type + " " + member.Local),
            ")");
        foreach ((string type, string local, string property, string docs) in members)
        {
            writer.Gap();
            writer.Summary(docs);
            string value = model.IsDraft ? $"({type})all[0]!" : local;
            writer.Line($"public {type} {property} {{ get; }} = {value};");
        }

        writer.Close();
        return GeneratedFile.From(Class, writer);
    }

    public static GeneratedFile WriteSection(string section, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Commands);
        string name = TypeIdentifiers.Section(section);
        writer.Summary(
            "Runs the commands " + Of(section) + ": one method for each. A handler checks what the spec cannot "
            + "express, changes the state and announces the change, or returns an error and changes nothing.");
        writer.OpenType("internal partial interface " + name);
        writer.Close();
        return GeneratedFile.From(name, writer);
    }

    /// <summary>The property that has the handler of a section.</summary>
    public static string Property(string section) =>
        section.Length == 0 ? "Commands" : Identifiers.Member(Identifiers.Pascal(section), Class, "Lookup", "Commands");

    private static string Of(string section) =>
        section.Length == 0 ? "that stand in no section" : "of section `" + section + "`";
}
