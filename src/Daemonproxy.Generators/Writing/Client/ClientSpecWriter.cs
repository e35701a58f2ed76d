using System;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>The facts of the spec that the runtime of a client needs.</summary>
internal sealed record ClientSpecModel(int LongestEvent, int LongestErrorText, string? ErrorProperty)
{
    public static ClientSpecModel Of(SpecModel spec)
    {
        string? property = null;
        foreach (EventModel @event in spec.Events)
        {
            if (@event.Name == "error" && @event.Lines.Count == 1 && ClientEventColumns.IsMessage(@event.Lines[0]))
            {
                string field = ClientEventColumns.Values(@event.Lines[0])[0].Parameter;
                property = Identifiers.Member(Identifiers.Pascal(field), TypeIdentifiers.Event("error"));
            }
        }

        int cut = spec.Sizes.LongestErrorText;
        foreach (LimitModel limit in spec.Limits)
        {
            cut = limit.Name == "error-text" ? limit.Value : cut;
        }

        return new ClientSpecModel(spec.Sizes.LongestEvent, cut, property);
    }
}

/// <summary>The parts of the spec that the generated runtime of a client refers to.</summary>
internal static class ClientSpecWriter
{
    /// <summary>The file; null where the runtime is written by hand.</summary>
    public static GeneratedFile? Write(ClientSpecModel model, Namespaces names)
    {
        if (!names.HasGeneratedRuntime)
        {
            return null;
        }

        var writer = new SourceWriter(names, names.Client);
        writer.Summary("The facts of the protocol that the connection needs.");
        writer.OpenType("internal static class ClientSpec");
        writer.Summary("The most bytes of any event, LF included.");
        writer.Line("public const int LongestEvent = " + CSharp.Number(Math.Max(model.LongestEvent, 1)) + ";");
        writer.Gap();
        writer.Summary("An error's text is cut to this many bytes.");
        writer.Line("public const int LongestErrorText = " + CSharp.Number(model.LongestErrorText) + ";");
        writer.Close();
        writer.Gap();
        writer.Open("public sealed partial class " + names.Connection);
        writer.Line("// The text, if this event says that a command failed.");
        writer.Line(GeneratedCode);
        writer.Line(
            "private static string? ErrorOf(" + DaemonEvent + " received) => "
            + (model.ErrorProperty is { } text
                ? "(received as " + InClient + TypeIdentifiers.Event("error") + ")?." + text
                : "null")
            + ";");
        writer.Close();
        return GeneratedFile.From("ClientSpec", writer);
    }
}
