using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>A C# enum for an <c>enum</c>, and its words.</summary>
internal static class ClientEnumWriter
{
    private const string Unknown = "throw new ArgumentOutOfRangeException(nameof(value), value, null)";

    public static GeneratedFile Write(Documented<EnumModel> documented)
    {
        EnumModel model = documented.Model;
        string name = Identifiers.Pascal(model.Name);
        var writer = new SourceWriter(ClientCSharp.Namespace, "System", WordMatcher.Using);
        EnumParts.WriteDeclaration(writer, documented, "public enum " + name);
        writer.Gap();
        writer.Summary("The words of `" + model.Name + "`.");
        writer.Open("internal static class " + name + "Words");
        EnumParts.WriteTryParse(writer, model);
        writer.Gap();
        EnumParts.WriteText(
            writer, model, "public static string Text(" + name + " value)", CSharp.Quoted, Unknown);
        writer.Gap();
        EnumParts.WriteFind(writer, model);
        writer.Close();
        return GeneratedFile.From(name, writer);
    }
}
