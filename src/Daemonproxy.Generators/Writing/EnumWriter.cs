using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>A C# enum for an <c>enum</c>, and its words.</summary>
internal static class EnumWriter
{
    public static GeneratedFile Write(Documented<EnumModel> documented, Namespaces names)
    {
        EnumModel model = documented.Model;
        string name = TypeIdentifiers.Enum(model.Name);
        string type = CSharp.EnumType(model.Name);
        var writer = new SourceWriter(names, names.Protocol);
        EnumParts.WriteDeclaration(writer, documented, "internal enum " + name + " : byte");
        writer.Gap();
        writer.Summary("The words of `" + model.Name + "`.");
        writer.OpenType("internal static class " + TypeIdentifiers.EnumText(model.Name));
        writer.Summary("The number of words.");
        writer.Line("public const int Count = " + CSharp.Number(model.Words.Count) + ";");
        writer.Gap();
        writer.Summary("True if the text is one of the words; if so, the word.");
        EnumParts.WriteTryParse(writer, type, "public");
        writer.Gap();
        writer.Summary("The word.");
        EnumParts.WriteText(
            writer, type, model, $"public static {Bytes} Text(this " + type + " value)", CSharp.Utf8, "default");
        writer.Gap();
        EnumParts.WriteFind(writer, type, model);
        writer.Close();
        return GeneratedFile.From("Enum." + name, writer);
    }
}
