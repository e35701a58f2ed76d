using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing;

/// <summary>A C# enum for an <c>enum</c>, and its words.</summary>
internal static class EnumWriter
{
    public static GeneratedFile Write(Documented<EnumModel> documented)
    {
        EnumModel model = documented.Model;
        string name = Identifiers.Pascal(model.Name);
        var writer = new SourceWriter("Daemonproxy.Protocol", "System", WordMatcher.Using);
        EnumParts.WriteDeclaration(writer, documented, "internal enum " + name + " : byte");
        writer.Gap();
        writer.Summary("The words of `" + model.Name + "`.");
        writer.Open("internal static class " + name + "Text");
        writer.Summary("How many words there are.");
        writer.Line("public const int Count = " + CSharp.Number(model.Words.Count) + ";");
        writer.Gap();
        EnumParts.WriteTryParse(writer, model);
        writer.Gap();
        EnumParts.WriteText(
            writer, model, "public static ReadOnlySpan<byte> Text(this " + name + " value)", CSharp.Utf8, "default");
        writer.Gap();
        EnumParts.WriteFind(writer, model);
        writer.Close();
        return GeneratedFile.From(name, writer);
    }
}
