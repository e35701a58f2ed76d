using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>The options of the command line by name, what they take, and the text of --help.</summary>
internal static class OptionsWriter
{
    public static GeneratedFile WriteTable(
        (EquatableArray<OptionModel> Options, Documentation Docs) spec, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Options);
        writer.Summary("The options of the command line.");
        writer.OpenType("internal enum OptionId : byte");
        writer.Summary("No such option.");
        writer.Line("None,");
        foreach (OptionModel option in spec.Options)
        {
            writer.Gap();
            string docs = "`--" + option.Name + "`: " + spec.Docs["option " + option.Name];
            writer.Summary(LifecycleProse.Behind(docs, option.Lifecycle));
            writer.Line(Identifiers.Pascal(option.Name) + ",");
        }

        writer.Close();
        writer.Gap();
        writer.Summary("The options of the command line.");
        writer.OpenType("internal static class OptionTable");
        WriteFind(writer, spec.Options);
        WriteAbout(writer, spec.Options);
        writer.Gap();
        writer.Summary("The text of `--help`.");
        writer.Line($"public static {Bytes} Help =>");
        List<string> lines = HelpText.Lines(spec.Options, spec.Docs);
        for (int index = 0; index < lines.Count; index++)
        {
            string end = index == lines.Count - 1 ? ";" : "";
            writer.Line((index == 0 ? "    " : "    + ") + CSharp.Utf8(lines[index] + "\n") + end);
        }

        writer.Close();
        return GeneratedFile.From("OptionTable", writer);
    }

    private static void WriteFind(SourceWriter writer, EquatableArray<OptionModel> options)
    {
        var words = new List<(string, string)>();
        foreach (OptionModel option in options)
        {
            words.Add((option.Name, Id(option)));
        }

        writer.Summary("The option of this name, which stands behind two dashes.");
        WordMatcher.Write(
            writer, $"public static {OptionId} FindLong({Bytes} name)", "name", words, $"{OptionId}.None");
        writer.Gap();
        writer.Summary("The option of this letter, which stands behind one dash.");
        writer.Open($"public static {OptionId} FindShort(byte letter) => letter switch");
        foreach (OptionModel option in options)
        {
            if (option.Short is { } letter)
            {
                writer.Line("(byte)'" + letter + "' => " + Id(option) + ",");
            }
        }

        writer.Line($"_ => {OptionId}.None,");
        writer.Close(";");
    }

    private static void WriteAbout(SourceWriter writer, EquatableArray<OptionModel> options)
    {
        var taking = new List<string>();
        var repeating = new List<string>();
        foreach (OptionModel option in options)
        {
            if (option.Field != null)
            {
                taking.Add(Id(option));
            }

            if (option.Repeats)
            {
                repeating.Add(Id(option));
            }
        }

        WriteTest(writer, "TakesValue", "True if a value follows the option.", taking);
        WriteTest(writer, "MayRepeat", "True if the option can be given more than once.", repeating);
        writer.Gap();
        writer.Summary("The name, without dashes.");
        writer.Open($"public static {Bytes} LongName({OptionId} id) => id switch");
        foreach (OptionModel option in options)
        {
            writer.Line(Id(option) + " => " + CSharp.Utf8(option.Name) + ",");
        }

        writer.Line("_ => default,");
        writer.Close(";");
    }

    private static void WriteTest(SourceWriter writer, string name, string summary, List<string> ids)
    {
        writer.Gap();
        writer.Summary(summary);
        string condition = ids.Count == 0 ? "false" : "id is " + string.Join(" or ", ids);
        writer.Line("public static bool " + name + $"({OptionId} id) => " + condition + ";");
    }

    private static string Id(OptionModel option) => $"{OptionId}." + Identifiers.Pascal(option.Name);
}
