using System.Collections.Generic;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>A C# enum for an <c>enum</c>, and its words.</summary>
internal static class ClientEnumWriter
{
    public static GeneratedFile Write(Documented<EnumModel> documented)
    {
        EnumModel model = documented.Model;
        string key = "enum " + model.Name;
        string name = Identifiers.Pascal(model.Name);
        var writer = new SourceWriter(ClientCSharp.Namespace, "System", WordMatcher.Using);
        writer.Summary(documented.Docs[key]);
        writer.Open("public enum " + name);
        foreach (string word in model.Words)
        {
            string docs = documented.Docs[key + "/" + word];
            writer.Gap();
            writer.Summary(docs.Length > 0 ? docs : "`" + word + "`");
            writer.Line(Identifiers.Pascal(word) + ",");
        }

        writer.Close();
        writer.Gap();
        WriteWords(writer, model, name);
        return GeneratedFile.From(name, writer);
    }

    private static void WriteWords(SourceWriter writer, EnumModel model, string name)
    {
        var words = new List<(string Word, string Member)>();
        foreach (string word in model.Words)
        {
            words.Add((word, name + "." + Identifiers.Pascal(word)));
        }

        writer.Summary("The words of `" + model.Name + "`.");
        writer.Open("internal static class " + name + "Words");
        writer.Summary("Whether the text is one of the words, and which.");
        writer.Open("public static bool TryParse(ReadOnlySpan<byte> text, out " + name + " value)");
        writer.Line("int found = Find(text);");
        writer.Line("value = found < 0 ? default : (" + name + ")found;");
        writer.Line("return found >= 0;");
        writer.Close();
        writer.Gap();
        writer.Summary("The word.");
        writer.Open("public static string Text(" + name + " value) => value switch");
        foreach ((string word, string member) in words)
        {
            writer.Line(member + " => " + CSharp.Quoted(word) + ",");
        }

        writer.Line("_ => throw new ArgumentOutOfRangeException(nameof(value), value, null),");
        writer.Close(";");
        writer.Gap();
        WordMatcher.Write(
            writer, "private static int Find(ReadOnlySpan<byte> text)", "text",
            words.ConvertAll(static word => (word.Word, "(int)" + word.Member)), "-1");
        writer.Close();
    }
}
