using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>The commands by name, and the switch to the method of each.</summary>
internal static class CommandTableWriter
{
    public static GeneratedFile WriteTable(EquatableArray<string> commands, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Commands);
        var words = new List<(string Word, string Result)>();
        writer.Summary("The commands of the spec.");
        writer.OpenType("internal enum CommandId : " + (commands.Count <= byte.MaxValue ? "byte" : "ushort"));
        writer.Summary("No command of that name.");
        writer.Line("None,");
        foreach (string command in commands)
        {
            string name = Identifiers.Pascal(command);
            words.Add((command, $"{CommandId}." + name));
            writer.Gap();
            writer.Summary("`" + command + "`");
            writer.Line(name + ",");
        }

        writer.Close();
        writer.Gap();
        writer.Summary("The names of the commands.");
        writer.OpenType("internal static class CommandTable");
        writer.Summary("The number of commands; their ids are 1 to this.");
        writer.Line("public const int Count = " + CSharp.Number(commands.Count) + ";");
        writer.Gap();
        writer.Summary("The command of exactly this name: by length, then by whole machine words.");
        WordMatcher.Write(
            writer, $"public static {CommandId} Find({Bytes} name)", "name", words, $"{CommandId}.None");
        writer.Gap();
        writer.Summary("The name of a command.");
        writer.Open($"public static {Bytes} Name({CommandId} id) => id switch");
        words.ForEach(word => writer.Line(word.Result + " => " + CSharp.Utf8(word.Word) + ","));
        writer.Line("_ => default,");
        writer.Close(";");
        writer.Close();
        return GeneratedFile.From("CommandTable", writer);
    }

    public static GeneratedFile WriteRun(EquatableArray<string> commands, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Commands);
        writer.Summary("Reads the fields of a line and runs the command.");
        writer.OpenType("internal static partial class CommandDispatch");
        writer.Summary("Runs a command with the fields behind its name; what is wrong with them is answered here.");
        // Statements: the value of a switch expression would be copied on its way out.
        writer.OpenCall(
            $"public static {CommandError} Run(",
            [$"{CommandId} id", $"ref {FieldReader} fields", $"{CommandHandlers} handlers"],
            ")");
        writer.Open("switch (id)");
        foreach (string command in commands)
        {
            string name = Identifiers.Pascal(command);
            writer.Line($"case {CommandId}." + name + ": return Run" + name + "(ref fields, handlers);");
        }

        writer.Line($"default: throw new {OutOfRangeException}(nameof(id));");
        writer.Close();
        writer.Close();
        writer.Close();
        return GeneratedFile.From("CommandDispatch", writer);
    }
}
