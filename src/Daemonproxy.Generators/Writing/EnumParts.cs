using System;
using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>The parts of an <c>enum</c> that both sides of the protocol have.</summary>
internal static class EnumParts
{
    /// <summary>The C# enum, whose members are the words in their order.</summary>
    public static void WriteDeclaration(
        SourceWriter writer, Documented<EnumModel> documented, string declaration, bool isPublic = false)
    {
        string key = "enum " + documented.Model.Name;
        writer.Summary(documented.Docs[key]);
        writer.OpenType(declaration);
        foreach (string word in documented.Model.Words)
        {
            string docs = documented.Docs[key + "/" + word];
            writer.Gap();
            LifecycleModel lifecycle = documented.Model.LifecycleOf(word);
            writer.Summary(LifecycleProse.Behind(docs.Length > 0 ? docs : "`" + word + "`", lifecycle));
            if (isPublic)
            {
                LifecycleProse.WriteObsolete(writer, lifecycle);
            }

            writer.Line(Identifiers.Pascal(word) + ",");
        }

        writer.Close();
    }

    public static void WriteTryParse(SourceWriter writer, string type, string access)
    {
        writer.Open($"{access} static bool TryParse({Bytes} text, out " + type + " value)");
        writer.Line("int found = Find(text);");
        writer.Line("value = found < 0 ? default : (" + type + ")found;");
        writer.Line("return found >= 0;");
        writer.Close();
    }

    /// <summary>From a member to its word.</summary>
    public static void WriteText(
        SourceWriter writer,
        string type,
        EnumModel model,
        string signature,
        Func<string, string> literal,
        string otherwise)
    {
        writer.Open(signature + " => value switch");
        foreach (string word in model.Words)
        {
            writer.Line(Member(type, word) + " => " + literal(word) + ",");
        }

        writer.Line("_ => " + otherwise + ",");
        writer.Close(";");
    }

    public static void WriteFind(SourceWriter writer, string type, EnumModel model)
    {
        var words = new List<(string, string)>();
        foreach (string word in model.Words)
        {
            words.Add((word, "(int)" + Member(type, word)));
        }

        WordMatcher.Write(writer, $"private static int Find({Bytes} text)", "text", words, "-1");
    }

    private static string Member(string type, string word) => type + "." + Identifiers.Pascal(word);
}
