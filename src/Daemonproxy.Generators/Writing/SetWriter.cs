using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>A C# flags enum for a <c>set</c>, and its words.</summary>
internal static class SetWriter
{
    public static GeneratedFile Write(Documented<SetModel> documented, Namespaces names)
    {
        SetModel model = documented.Model;
        string key = "set " + model.Name;
        string name = TypeIdentifiers.Set(model.Name);
        string type = CSharp.SetType(model.Name);
        var writer = new SourceWriter(names, names.Protocol);
        writer.Summary(documented.Docs[key]);
        writer.Line(FlagsAttribute);
        writer.OpenType("internal enum " + name + " : uint");
        writer.Summary("No word.");
        writer.Line("None = 0,");
        int bit = 0;
        foreach (SetWordModel word in model.Words)
        {
            if (!word.IsAbbreviation)
            {
                string docs = documented.Docs[key + "/" + word.Name];
                writer.Gap();
                writer.Summary(LifecycleProse.Behind(docs.Length > 0 ? docs : "`" + word.Name + "`", word.Lifecycle));
                writer.Line(Identifiers.Pascal(word.Name) + " = 1u << " + CSharp.Number(bit++) + ",");
            }
        }

        writer.Close();
        writer.Gap();
        if (model.HasValues)
        {
            SetValueWriter.WriteStruct(writer, model);
            writer.Gap();
        }

        writer.Summary("The words of `" + model.Name + "`, separated by commas.");
        writer.OpenType("internal static class " + TypeIdentifiers.SetText(model.Name));
        writer.Summary("The most bytes of all words together, with the commas.");
        writer.Line("public const int Longest = " + CSharp.Number(Longest(model)) + ";");
        writer.Gap();
        if (model.HasValues)
        {
            SetValueWriter.WriteParse(writer, model);
        }
        else
        {
            WriteParse(writer, type, model.HasClears);
        }

        writer.Gap();
        WriteWrite(writer, model, type);
        writer.Gap();
        WriteFind(writer, model, type);
        if (model.HasClears)
        {
            WriteFindCleared(writer, model, type);
        }

        writer.Close();
        return GeneratedFile.From("Set." + name, writer);
    }

    private static void WriteParse(SourceWriter writer, string name, bool hasClears)
    {
        writer.Summary("Reads words separated by commas, ignoring empty ones; or gives the first unknown one.");
        writer.Line("public static bool TryParse(");
        writer.Open($"    {Bytes} text, out " + name + $" flags, out {Bytes} unknown)");
        writer.Line("flags = " + name + ".None;");
        writer.Line("unknown = default;");
        writer.Open("while (!text.IsEmpty)");
        writer.Line($"int comma = {Spans}.IndexOf(text, (byte)',');");
        writer.Line($"{Bytes} word = comma < 0 ? text : text[..comma];");
        writer.Line("text = comma < 0 ? default : text[(comma + 1)..];");
        writer.Line(name + " found = Find(word);");
        writer.Open("if (found == " + name + ".None && !word.IsEmpty)");
        writer.Line("unknown = word;");
        writer.Line("return false;");
        writer.Close();
        writer.Gap();
        WriteAdd(writer, "word", hasClears);
        writer.Close();
        writer.Gap();
        writer.Line("return true;");
        writer.Close();
    }

    /// <summary>Adds a word that was found to those before it, some of which it may undo.</summary>
    public static void WriteAdd(SourceWriter writer, string word, bool hasClears)
    {
        if (hasClears)
        {
            writer.Line("flags &= ~FindCleared(" + word + ");");
        }

        writer.Line("flags |= found;");
    }

    private static void WriteWrite(SourceWriter writer, SetModel model, string name)
    {
        writer.Summary("Writes the words, in the order of the spec, with commas between them.");
        string type = model.HasValues ? CSharp.ValuedSetType(model.Name) + " set" : name + " flags";
        writer.Open($"public static void Write(ref {LineWriter} line, " + type + ")");
        writer.Line("int start = line.Length;");
        string flags = model.HasValues ? "set.Flags" : "flags";
        foreach (SetWordModel word in model.Words)
        {
            if (!word.IsAbbreviation)
            {
                string flag = name + "." + Identifiers.Pascal(word.Name);
                writer.Line(
                    "WriteWord(ref line, start, (" + flags + " & " + flag + ") != 0, " + CSharp.Utf8(word.Name) + ");");
            }

            if (word.Value != null)
            {
                SetValueWriter.WriteValue(writer, model.Name, name, word);
            }
        }

        writer.Close();
        writer.Gap();
        writer.Line("private static void WriteWord(");
        writer.Open($"    ref {LineWriter} line, int start, bool isSet, {Bytes} word)");
        writer.If("!isSet", "return;");
        writer.Gap();
        writer.If("line.Length > start", "line.Byte((byte)',');");
        writer.Gap();
        writer.Line("line.Text(word);");
        writer.Close();
    }

    private static void WriteFind(SourceWriter writer, SetModel model, string name)
    {
        var words = new List<(string, string)>();
        foreach (SetWordModel word in model.Words)
        {
            var flags = new List<string>();
            foreach (string implied in word.Implies)
            {
                flags.Add(name + "." + Identifiers.Pascal(implied));
            }

            if (!word.IsAbbreviation)
            {
                flags.Insert(0, name + "." + Identifiers.Pascal(word.Name));
            }

            words.Add((word.Name, string.Join(" | ", flags)));
        }

        WordMatcher.Write(
            writer, "private static " + name + $" Find({Bytes} word)", "word", words, name + ".None");
    }

    private static void WriteFindCleared(SourceWriter writer, SetModel model, string name)
    {
        var words = new List<(string, string)>();
        foreach (SetWordModel word in model.Words)
        {
            var flags = new List<string>();
            foreach (string cleared in word.Clears)
            {
                flags.Add(name + "." + Identifiers.Pascal(cleared));
            }

            if (flags.Count > 0)
            {
                words.Add((word.Name, string.Join(" | ", flags)));
            }
        }

        writer.Gap();
        writer.Summary("The earlier words that a word undoes.");
        WordMatcher.Write(
            writer, "private static " + name + $" FindCleared({Bytes} word)", "word", words, name + ".None");
    }

    private static int Longest(SetModel model)
    {
        int longest = -1;
        foreach (SetWordModel word in model.Words)
        {
            longest += word.IsAbbreviation ? 0 : word.Name.Length + 1;
            longest += word.Value == null ? 0 : 1 + word.Value.LongestBytes;
        }

        return longest < 0 ? 0 : longest;
    }
}
