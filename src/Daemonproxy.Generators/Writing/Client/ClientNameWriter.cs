using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>A C# type for each kind of name, so that one cannot be passed for another.</summary>
internal static class ClientNameWriter
{
    public static GeneratedFile Write(Documented<NameTypeModel> documented, Namespaces names)
    {
        NameTypeModel model = documented.Model;
        string name = TypeIdentifiers.Name(model.Name);
        string longest = CSharp.Number(model.Longest);
        var writer = new SourceWriter(names, names.Client);
        writer.Summary(
            documented.Docs["type " + model.Name] + "\n"
            + "1 to " + longest + " characters of `A-Z a-z 0-9 . _ -`; compared byte by byte.");
        writer.OpenType("public readonly record struct " + name + $" : {Comparable}<" + InClient + name + ">");
        writer.Summary("The most characters of such a name.");
        writer.Line("public const int Longest = " + longest + ";");
        writer.Gap();
        WriteMaking(writer, name);
        writer.Gap();
        WriteReading(writer, InClient + name);
        writer.Gap();
        WriteComparing(writer, InClient + name);
        writer.Close();
        return GeneratedFile.From("Name." + name, writer);
    }

    private static void WriteMaking(SourceWriter writer, string name)
    {
        writer.Summary("A name with this text.");
        writer.Line(
            "/// <exception cref=\"global::System.ArgumentException\">It has not the form of a name.</exception>");
        writer.Line("public " + name + $"(string text) => Text = {WireName}.Check(text, Longest, nameof(text));");
        writer.Gap();
        writer.Summary("The text; null for a name that was never set, which no command takes.");
        writer.Line("public string? Text { get; }");
        writer.Gap();
        writer.Summary("The same as the constructor, exception included: a literal can stand for a name.");
        writer.Line("public static implicit operator " + InClient + name + "(string text) => new(text);");
    }

    private static void WriteReading(SourceWriter writer, string type)
    {
        writer.Summary("A name with this text, if it has the form of one.");
        writer.Open($"public static bool TryParse({NotNullWhenTrue} string? text, out " + type + " name)");
        writer.Line($"bool isName = {WireName}.IsName(text, Longest);");
        writer.Line("name = isName ? new " + type + "(text!) : default;");
        writer.Line("return isName;");
        writer.Close();
        writer.Gap();
        string name = type.Substring(type.LastIndexOf('.') + 1);
        writer.Line("private " + name + "(string text, bool isChecked) => Text = text;");
        writer.Gap();
        writer.Open($"internal static bool TryParse({Bytes} text, out " + type + " name)");
        writer.Line($"bool isName = {WireName}.TryRead(text, Longest, out string? found);");
        writer.Line("name = isName ? new " + type + "(found!, isChecked: true) : default;");
        writer.Line("return isName;");
        writer.Close();
    }

    private static void WriteComparing(SourceWriter writer, string type)
    {
        writer.Summary("Name order: byte by byte, a prefix before its extensions.");
        writer.Line(
            "public int CompareTo(" + type + " other) => string.CompareOrdinal(Text, other.Text);");
        foreach (string comparison in new[] { "<", "<=", ">", ">=" })
        {
            writer.Gap();
            writer.Summary("Name order.");
            writer.Line(
                "public static bool operator " + comparison + "(" + type + " left, " + type + " right) => "
                + "left.CompareTo(right) " + comparison + " 0;");
        }

        writer.Gap();
        writer.Summary("The text.");
        writer.Line("public override string ToString() => Text ?? \"\";");
    }
}
