using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>A C# flags enum for a <c>set</c>, its values if it has any, and its words.</summary>
internal static class ClientSetWriter
{
    public static GeneratedFile Write(Documented<SetModel> documented, Namespaces names)
    {
        SetModel model = documented.Model;
        string key = "set " + model.Name;
        string name = TypeIdentifiers.Set(model.Name);
        var writer = new SourceWriter(names, names.Client);
        LifecycleProse.AllowObsolete(
            writer, model.HasDeprecated, "Words that are deprecated are sent and read as before.");
        writer.Summary(documented.Docs[key]);
        writer.Line(FlagsAttribute);
        writer.OpenType("public enum " + name);
        writer.Summary("No word.");
        writer.Line("None = 0,");
        int bit = 0;
        foreach (SetWordModel word in model.Words)
        {
            string docs = documented.Docs[key + "/" + word.Name];
            string value = word.IsAbbreviation ? Implied(word, "") : "1 << " + CSharp.Number(bit++);
            writer.Gap();
            writer.Summary(LifecycleProse.Behind(docs.Length > 0 ? docs : "`" + word.Name + "`", word.Lifecycle));
            LifecycleProse.WriteObsolete(writer, word.Lifecycle);
            writer.Line(Identifiers.Pascal(word.Name) + " = " + value + ",");
        }

        writer.Close();
        writer.Gap();
        if (model.HasValues)
        {
            WriteStruct(writer, model, InClient + name);
            writer.Gap();
        }

        writer.Summary("The words of `" + model.Name + "`, separated by commas.");
        writer.OpenType("internal static class " + TypeIdentifiers.SetWords(model.Name));
        WriteText(writer, model, InClient + name);
        writer.Gap();
        WriteTryAdd(writer, model, InClient + name);
        writer.Close();
        return GeneratedFile.From("Set." + name, writer);
    }

    private static string TypeOf(SetModel model, string flags) =>
        model.HasValues ? InClient + TypeIdentifiers.ValuedSet(model.Name) : flags;

    private static string Implied(SetWordModel word, string prefix)
    {
        var flags = new List<string>();
        foreach (string implied in word.Implies)
        {
            flags.Add(prefix + Identifiers.Pascal(implied));
        }

        return string.Join(" | ", flags);
    }

    private static void WriteStruct(SourceWriter writer, SetModel model, string flags)
    {
        string name = TypeIdentifiers.ValuedSet(model.Name);
        var parameters = new List<string> { flags + " Flags" };
        writer.Summary("Words of `" + model.Name + "` with their values.");
        writer.Line("/// <param name=\"Flags\">The words.</param>");
        foreach (SetWordModel word in model.Words)
        {
            if (word.Value != null)
            {
                string property = SetValueWriter.Property(model.Name, word.Name);
                bool isText = word.Value.Kind == SetValueKind.Text;
                parameters.Add((isText ? "string? " : "long? ") + property + " = null");
                writer.Line(
                    "/// <param name=\"" + property + "\">The value of <c>" + word.Name + "</c>, " + About(word.Value)
                    + "; null where it has none.</param>");
            }
        }

        writer.Line(GeneratedCode);
        writer.OpenCall("public readonly record struct " + name + "(", parameters, ")");
        writer.Summary("Words without values.");
        writer.Line("public static implicit operator " + InClient + name + "(" + flags + " flags) => new(flags);");
        writer.Close();
    }

    private static string About(SetValueModel value)
    {
        string bounds = CSharp.Number(value.Least) + " to " + CSharp.Number(value.Most);
        return value.Kind switch
        {
            SetValueKind.Integer => bounds,
            SetValueKind.Octal => "octal " + value.Notation(value.Least) + " to " + value.Notation(value.Most)
                + ", which is " + bounds,
            _ => bounds + " bytes without a comma",
        };
    }

    private static void WriteText(SourceWriter writer, SetModel model, string name)
    {
        writer.Summary("The words, in the order of the spec.");
        string parameter = model.HasValues ? ", string parameter" : "";
        writer.Open("public static string Text(" + TypeOf(model, name) + " set" + parameter + ")");
        writer.Line($"var words = new {ListOfTexts}();");
        string flags = model.HasValues ? "set.Flags" : "set";
        foreach (SetWordModel word in model.Words)
        {
            if (word.IsAbbreviation)
            {
                continue;
            }

            string property = Identifiers.Pascal(word.Name);
            string text = CSharp.Quoted(word.Name);
            writer.Open("if ((" + flags + " & " + name + "." + property + ") != 0)");
            if (word.Value is { } value)
            {
                writer.Line("words.Add(set." + SetValueWriter.Property(model.Name, word.Name) + " is not { } value");
                writer.Line("    ? " + text);
                string bounds = CSharp.Number(value.Least) + ", " + CSharp.Number(value.Most);
                writer.Line("    : " + CSharp.Quoted(word.Name + "=") + " + " + value.Kind switch
                {
                    SetValueKind.Integer => $"{WireNumber}.Text(value, " + bounds,
                    SetValueKind.Octal =>
                        $"{WireNumber}.OctalText(value, " + bounds + ", " + CSharp.Number(value.OctalDigits),
                    _ => $"{WireText}.OfWord(value, " + bounds,
                } + ", parameter));");
            }
            else
            {
                writer.Line("words.Add(" + text + ");");
            }

            writer.Close();
            writer.Gap();
        }

        writer.Line("return string.Join(',', words);");
        writer.Close();
    }

    private static void WriteTryAdd(SourceWriter writer, SetModel model, string name)
    {
        writer.Summary("Adds a word to those before it, if it is one.");
        writer.Open($"public static bool TryAdd({Bytes} word, ref " + TypeOf(model, name) + " set)");
        foreach (SetWordModel word in model.Words)
        {
            string flag = name + "." + Identifiers.Pascal(word.Name);
            if (word.Value != null)
            {
                string value = Identifiers.Beside(Identifiers.Local(word.Name), "value");
                string number = SetValueWriter.Property(model.Name, word.Name);
                string before = CSharp.Utf8(word.Name + "=");
                writer.Open("if (" + word.Value.Kind switch
                {
                    SetValueKind.Integer => $"{WireNumber}.TryParseValue(word, " + before + ", out long " + value,
                    SetValueKind.Octal => $"{WireNumber}.TryParseOctal(word, " + before + ", out long " + value,
                    _ => $"{WireText}.TryParseValue(word, " + before + ", out string " + value,
                } + "))");
                writer.Line(
                    "set = set with { Flags = set.Flags | " + flag + ", " + number + " = " + value + " };");
                writer.Line("return true;");
                writer.Close();
                writer.Gap();
            }

            writer.Open($"if ({Spans}.SequenceEqual(word, " + CSharp.Utf8(word.Name) + "))");
            writer.Line(model.HasValues
                ? "set = set with { Flags = set.Flags | " + flag + " };"
                : "set |= " + flag + ";");
            writer.Line("return true;");
            writer.Close();
            writer.Gap();
        }

        writer.Line("return false;");
        writer.Close();
    }
}
