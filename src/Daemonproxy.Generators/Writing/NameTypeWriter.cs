using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>The C# types of a declared name: its form, what it refers to, and what it is to become.</summary>
internal static class NameTypeWriter
{
    public static GeneratedFile Write(Documented<NameTypeModel> documented, Namespaces names)
    {
        NameTypeModel model = documented.Model;
        string name = Identifiers.Pascal(model.Name);
        var writer = new SourceWriter(names, names.Protocol);
        writer.Summary(documented.Docs["type " + model.Name]);
        writer.OpenType("internal static class " + TypeIdentifiers.Name(model.Name));
        writer.Summary("The most bytes of such a name.");
        writer.Line("public const int Longest = " + CSharp.Number(model.Longest) + ";");
        writer.Gap();
        writer.Summary("True if the text has the form of such a name; if so, the name.");
        writer.Line($"public static bool TryParse({Bytes} text, out {Name} name) =>");
        writer.Line($"    {Name}.TryParse(text, Longest, out name);");
        writer.Close();
        if (model.IsReference)
        {
            WriteIndex(writer, model.Name);
        }

        if (model.IsTarget)
        {
            WriteTarget(writer, model.Name);
        }

        return GeneratedFile.From("Name." + name, writer);
    }

    private static void WriteIndex(SourceWriter writer, string type)
    {
        writer.Gap();
        writer.Summary("The index of a `" + type + "` in its table.");
        writer.OpenType($"internal readonly record struct {TypeIdentifiers.Index(type)}(int Value)");
        writer.Summary("None of them.");
        writer.Line("public static " + CSharp.IndexType(type) + " None => new(-1);");
        writer.Gap();
        writer.Line("public bool IsNone => Value < 0;");
        writer.Close();
    }

    private static void WriteTarget(SourceWriter writer, string type)
    {
        writer.Gap();
        writer.Summary("A `" + type + "` that a command makes, or uses if it exists.");
        string index = CSharp.IndexType(type);
        writer.OpenType($"internal readonly ref struct {TypeIdentifiers.Target(type)}({Name} name, {index} index)");
        writer.Line($"public {Name} Name {{ get; }} = name;");
        writer.Gap();
        writer.Summary("The index; none when it does not exist yet.");
        writer.Line("public " + CSharp.IndexType(type) + " Index { get; } = index;");
        writer.Gap();
        writer.Line("public bool Exists => !Index.IsNone;");
        writer.Close();
    }
}
