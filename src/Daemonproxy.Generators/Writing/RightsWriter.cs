using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>Writes which right the sender of each command needs.</summary>
internal static class RightsWriter
{
    public static GeneratedFile Write(RightsModel model, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Commands);
        string type = CSharp.EnumType(model.Enum);
        writer.Summary("The right that the sender of a command needs.");
        writer.OpenType("internal static class CommandRights");
        writer.Line("// In the order of the ids, from 1. Bytes, since rights would be made into an array.");
        writer.Line($"private static {Bytes} Needs =>");
        writer.Line("[");
        foreach (string need in model.Needs)
        {
            writer.Line("    (byte)" + type + "." + Identifiers.Pascal(need) + ",");
        }

        writer.Line("];");
        writer.Gap();
        writer.Summary("The right that the sender of a command needs, or a higher one.");
        writer.Line($"public static {type} Of({CommandId} id) => ({type})Needs[(int)id - 1];");
        writer.Close();
        return GeneratedFile.From("CommandRights", writer);
    }
}
