using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing;

/// <summary>The limits of the spec, and the worst cases computed from it.</summary>
internal static class LimitsWriter
{
    public static GeneratedFile Write(
        (EquatableArray<LimitModel> Limits, SizesModel Sizes, int Version, Documentation Docs) spec, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Protocol);
        writer.Summary("The limits of the protocol, and the worst cases that follow from it.");
        writer.OpenType("internal static partial class Limits");
        foreach (LimitModel limit in spec.Limits)
        {
            string name = Identifiers.Member(Identifiers.Pascal(limit.Name), "Limits");
            Constant(writer, name, limit.Value, spec.Docs["limit " + limit.Name]);
        }

        Constant(writer, "LongestEvent", spec.Sizes.LongestEvent, "The most bytes of any event, LF included.");
        Constant(
            writer, "LongestErrorText", spec.Sizes.LongestErrorText, "The most bytes of any error's text.");
        Constant(
            writer, "LongestAnswer", spec.Sizes.LongestAnswer,
            "The most bytes that one command can answer with, by what it emits; what it streams does not count.");
        Constant(writer, "ProtocolVersion", spec.Version, "The version of the protocol.");
        writer.Close();
        return GeneratedFile.From("Limits", writer);
    }

    private static void Constant(SourceWriter writer, string name, int value, string docs)
    {
        writer.Gap();
        writer.Summary(docs);
        writer.Line("public const int " + name + " = " + CSharp.Number(value) + ";");
    }
}
