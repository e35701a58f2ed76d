using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>Writes the interface that the parsing of fields asks about names, signals and descriptors.</summary>
internal static class LookupWriter
{
    public static GeneratedFile Write(LookupModel lookup, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Commands);
        writer.Summary("Answers what the parsing of fields asks: about names, signals and descriptors.");
        writer.OpenType("internal interface ICommandLookup");
        foreach (NameTypeModel model in lookup.Names)
        {
            WriteQuestions(writer, model);
        }

        if (lookup.AsksSignals)
        {
            writer.Gap();
            writer.Summary("True if arrivals of this signal are counted.");
            writer.Line($"bool IsCounted({Signal} signal);");
        }

        if (lookup.TakesDescriptors)
        {
            writer.Gap();
            writer.Summary(
                "Takes the next descriptor that the sender of the line sent along; false when there is none.");
            writer.Line($"bool TryTakeDescriptor(out {FdNumber} descriptor);");
            writer.Gap();
            writer.Summary("Closes a descriptor that was taken for a command that failed.");
            writer.Line($"void CloseDescriptor({FdNumber} descriptor);");
        }

        writer.Close();
        return GeneratedFile.From("ICommandLookup", writer);
    }

    private static void WriteRights(SourceWriter writer, NameTypeModel model, string name, string index)
    {
        if (model.IsMadeByRight)
        {
            writer.Gap();
            writer.Summary("True if the sender of the line may make a `" + model.Name + "` of this name.");
            writer.Line("bool MayMake" + name + $"({Name} name);");
        }

        if (model.IsChangedByRight)
        {
            writer.Gap();
            writer.Summary("True if the sender of the line may change a `" + model.Name + "`.");
            writer.Line("bool MayChange" + name + "(" + index + " index);");
        }
    }

    private static void WriteQuestions(SourceWriter writer, NameTypeModel model)
    {
        string name = Identifiers.Pascal(model.Name);
        string index = CSharp.IndexType(model.Name);
        writer.Gap();
        writer.Summary("Finds a `" + model.Name + "`; the index of one that does not exist is none.");
        writer.Line("bool TryFind" + name + $"({Name} name, out " + index + " index);");
        if (model.IsCreated)
        {
            writer.Gap();
            writer.Summary("True if one more `" + model.Name + "` can be made.");
            writer.Line("bool HasRoomFor" + name + " { get; }");
        }

        if (model.HasConstants)
        {
            writer.Gap();
            writer.Summary("True if a `" + model.Name + "` must not be changed.");
            writer.Line("bool IsConstant" + name + "(" + index + " index);");
        }

        WriteRights(writer, model, name, index);
    }
}
