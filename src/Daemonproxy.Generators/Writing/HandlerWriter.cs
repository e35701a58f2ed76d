using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>What generated parsing must ask the daemon about names and signals.</summary>
internal static class HandlerWriter
{
    public static GeneratedFile Write(
        (EquatableArray<NameTypeModel> Names, bool AsksSignals, bool TakesDescriptors) spec, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Commands);
        writer.Summary(
            "Carries the commands out: one method for each of the spec, and what must be known to check names.");
        writer.OpenType("internal partial interface ICommandHandler");
        foreach (NameTypeModel model in spec.Names)
        {
            if (model.IsReference)
            {
                WriteQuestions(writer, model);
            }
        }

        if (spec.AsksSignals)
        {
            writer.Gap();
            writer.Summary("Whether arrivals of this signal are counted.");
            writer.Line($"bool IsCounted({Signal} signal);");
        }

        if (spec.TakesDescriptors)
        {
            writer.Gap();
            writer.Summary("The next descriptor sent along with the lines of whoever asks; false when there is none.");
            writer.Line($"bool TryTakeDescriptor(out {FdNumber} descriptor);");
            writer.Gap();
            writer.Summary("Closes a descriptor that was taken for a command that failed.");
            writer.Line($"void CloseDescriptor({FdNumber} descriptor);");
        }

        writer.Close();
        return GeneratedFile.From("ICommandHandler", writer);
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
            writer.Summary("Whether one more `" + model.Name + "` can be made.");
            writer.Line("bool HasRoomFor" + name + " { get; }");
        }

        if (model.HasConstants)
        {
            writer.Gap();
            writer.Summary("Whether a `" + model.Name + "` must not be changed.");
            writer.Line("bool IsConstant" + name + "(" + index + " index);");
        }
    }
}
