using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>A C# enum for an <c>enum</c>, and its words.</summary>
internal static class ClientEnumWriter
{
    private const string NoWord =
        $"/// <exception cref=\"{OutOfRangeException}\">It is none of the values.</exception>";

    private const string Unknown = $"throw new {OutOfRangeException}(nameof(value), value, null)";

    public static GeneratedFile Write(Documented<EnumModel> documented, Namespaces names)
    {
        EnumModel model = documented.Model;
        string name = TypeIdentifiers.Enum(model.Name);
        string type = ClientCSharp.EnumType(model.Name);
        var writer = new SourceWriter(names, names.Client);
        LifecycleProse.AllowObsolete(
            writer, model.HasDeprecated, "Words that are deprecated are sent and read as before.");
        EnumParts.WriteDeclaration(writer, documented, "public enum " + name, isPublic: true);
        writer.Gap();
        writer.Summary("The words of `" + model.Name + "`, as the protocol has them.");
        writer.OpenType("public static class " + TypeIdentifiers.EnumWords(model.Name));
        writer.Summary("The word of a value.");
        writer.Line(NoWord);
        EnumParts.WriteText(
            writer, type, model, "public static string Word(this " + type + " value)", CSharp.Quoted, Unknown);
        writer.Gap();
        writer.Summary("True if the text is one of the words; if so, its value.");
        EnumParts.WriteTryParse(writer, type, "internal");
        writer.Gap();
        EnumParts.WriteFind(writer, type, model);
        writer.Close();
        return GeneratedFile.From("Enum." + name, writer);
    }
}
