using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>The limits of the spec, for whoever talks to the daemon.</summary>
internal static class ClientLimitsWriter
{
    public static GeneratedFile Write(
        (EquatableArray<LimitModel> Limits, int Version, Documentation Docs) spec, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Client);
        writer.Summary($"The limits of the protocol, as the {Runtime.Peer} has them unless its options say otherwise.");
        writer.OpenType("public static class ProtocolLimits");
        foreach (LimitModel limit in spec.Limits)
        {
            writer.Gap();
            writer.Summary(spec.Docs["limit " + limit.Name]);
            string name = Identifiers.Member(Identifiers.Pascal(limit.Name), "ProtocolLimits");
            writer.Line($"public const int {name} = {CSharp.Number(limit.Value)};");
        }

        writer.Gap();
        writer.Summary(
            $"The version of the protocol that this client was made for. The {Runtime.Peer} may speak another.");
        writer.Line($"public const int ProtocolVersion = {CSharp.Number(spec.Version)};");
        writer.Close();
        return GeneratedFile.From("ProtocolLimits", writer);
    }
}
