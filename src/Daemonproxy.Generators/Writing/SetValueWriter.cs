using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>The further members of a set whose words have values: <c>listen=5</c>.</summary>
internal static class SetValueWriter
{
    /// <summary>The flags together with the values.</summary>
    public static void WriteStruct(SourceWriter writer, SetModel model)
    {
        string flags = CSharp.SetType(model.Name);
        string name = TypeIdentifiers.ValuedSet(model.Name);
        List<(string Type, string Name)> members = Words(model)
            .ConvertAll(word => (TypeOf(word), Property(model.Name, word.Name)));
        members.Insert(0, (flags, "Flags"));
        writer.Summary(
            "Words of `" + model.Name + "` with their values, which are 0 or empty for words that are not there.");
        writer.Line(GeneratedCode);
        if (!model.HasTexts)
        {
            writer.OpenCall(
                "internal readonly record struct " + name + "(",
                members.ConvertAll(member => member.Type + " " + member.Name), ")");
        }
        else
        {
            writer.OpenCall(
                "internal readonly ref struct " + name + "(",
                members.ConvertAll(member => member.Type + " " + Identifiers.Local(member.Name)), ")");
            members.ForEach(member => WriteMember(writer, member.Type, member.Name));
        }

        writer.Summary("No word.");
        writer.Line("public static " + CSharp.ValuedSetType(model.Name) + " None => default;");
        writer.Close();
    }

    public static void WriteParse(SourceWriter writer, SetModel model)
    {
        string flags = CSharp.SetType(model.Name);
        string name = CSharp.ValuedSetType(model.Name);
        List<SetWordModel> words = Words(model);
        writer.Summary(
            "Reads words separated by commas, ignoring empty ones, and values of words that have none; or gives the\n"
            + "first wrong one, and its error when it is the value that is wrong.");
        writer.OpenCall(
            "public static bool TryParse(",
            [
                $"{Bytes} text", "out " + name + " set", $"out {Bytes} wrong",
                $"out {CommandError} error",
            ],
            ")");
        writer.Line(flags + " flags = " + flags + ".None;");
        words.ForEach(word => writer.Line(
            TypeOf(word) + " " + Local(word) + " = " + CSharp.Default(word.Value!.Default) + ";"));
        writer.Line("set = default;");
        writer.Line("error = default;");
        writer.Open("while (!text.IsEmpty)");
        writer.Line($"int comma = {Spans}.IndexOf(text, (byte)',');");
        writer.Line($"{Bytes} word = comma < 0 ? text : text[..comma];");
        writer.Line("text = comma < 0 ? default : text[(comma + 1)..];");
        writer.Line($"int equals = {Spans}.IndexOf(word, (byte)'=');");
        writer.Line($"{Bytes} wordName = equals < 0 ? word : word[..equals];");
        writer.Line(flags + " found = Find(wordName);");
        writer.Line("wrong = word;");
        writer.If("found == " + flags + ".None && !word.IsEmpty", "return false;");
        words.ForEach(word => WriteCheck(writer, flags, word));
        writer.Gap();
        SetWriter.WriteAdd(writer, "wordName", model.HasClears);
        writer.Close();
        writer.Gap();
        writer.Line("wrong = default;");
        List<string> values = words.ConvertAll(word =>
            Has("flags", flags, word) + " ? " + Local(word)
            + (word.Value!.Kind == SetValueKind.Text ? " : default" : " : 0"));
        values.Insert(0, "flags");
        writer.Call("set = new " + name + "(", values, ");");
        writer.Line("return true;");
        writer.Close();
    }

    /// <summary>Behind a word that was written if it is there: its value.</summary>
    public static void WriteValue(SourceWriter writer, string set, string flags, SetWordModel word)
    {
        string property = "set." + Property(set, word.Name);
        writer.Open("if ((set.Flags & " + flags + "." + Identifiers.Pascal(word.Name) + ") != 0)");
        writer.Line("line.Byte((byte)'=');");
        writer.Line(word.Value!.Kind switch
        {
            SetValueKind.Integer => "line.Integer(" + property + ");",
            SetValueKind.Octal => "line.Octal(" + property + ", " + CSharp.Number(word.Value.OctalDigits) + ");",
            _ => "line.Text(" + property + ");",
        });
        writer.Close();
        writer.Gap();
    }

    /// <summary>The property with the value of a word.</summary>
    public static string Property(string set, string word) =>
        Identifiers.Member(Identifiers.Pascal(word), "Flags", "None", TypeIdentifiers.ValuedSet(set));

    private static void WriteCheck(SourceWriter writer, string flags, SetWordModel word)
    {
        SetValueModel value = word.Value!;
        string local = Local(word);
        writer.Gap();
        if (value.Kind == SetValueKind.Text)
        {
            writer.Open("if (" + Has("found", flags, word) + ")");
            writer.Line(local + " = equals < 0 ? default : word[(equals + 1)..];");
            string empty = value.Least > 0 ? "" : "equals < 0 || ";
            writer.Open("if (" + empty + CSharp.OutOfRange(local + ".Length", value.Least, value.Most) + ")");
            WriteWrong(writer, value);
            writer.Close();
            writer.Close();
            return;
        }

        string parser = value.Kind == SetValueKind.Octal ? ".TryOctal(" : ".TryInteger(";
        string wrong = "!" + ArgumentTypes + parser + "word[(equals + 1)..], out " + local + ")"
            + (CSharp.OutOfRange(local, value.Least, value.Most) is { } outOfRange ? " || " + outOfRange : "");
        string isGiven = value.Default == null ? "" : "equals >= 0 && ";
        writer.Line("if (" + isGiven + Has("found", flags, word));
        writer.Open("    && (" + (value.Default == null ? "equals < 0 || " : "") + wrong + "))");
        WriteWrong(writer, value);
        writer.Close();
    }

    private static void WriteMember(SourceWriter writer, string type, string name)
    {
        writer.Line("public " + type + " " + name + " { get; } = " + Identifiers.Local(name) + ";");
        writer.Gap();
    }

    private static string TypeOf(SetWordModel word) => word.Value!.Kind == SetValueKind.Text ? Bytes : "long";

    private static void WriteWrong(SourceWriter writer, SetValueModel value)
    {
        writer.Line("error = " + FieldChecks.Error(value.Error, "word") + ";");
        writer.Line("return false;");
    }

    private static string Has(string variable, string flags, SetWordModel word) =>
        "(" + variable + " & " + flags + "." + Identifiers.Pascal(word.Name) + ") != 0";

    private static string Local(SetWordModel word) => Identifiers.Beside(Identifiers.Local(word.Name), "value");

    private static List<SetWordModel> Words(SetModel model)
    {
        var words = new List<SetWordModel>();
        foreach (SetWordModel word in model.Words)
        {
            if (word.Value != null)
            {
                words.Add(word);
            }
        }

        return words;
    }
}
