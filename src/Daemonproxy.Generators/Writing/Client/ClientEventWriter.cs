using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>A record for each line that an event can be, with a common base if it is a table.</summary>
internal static class ClientEventWriter
{
    public static GeneratedFile Write(Documented<EventModel> documented, Namespaces names)
    {
        EventModel model = documented.Model;
        string key = "event " + model.Name;
        string name = TypeIdentifiers.Event(model.Name);
        var writer = new SourceWriter(names, names.Client);
        LifecycleProse.AllowObsolete(writer, model.Lifecycle.Deprecated != null, "The reader goes on reading it.");

        if (IsTable(model))
        {
            List<EventPiece> shared = Shared(model);
            WriteRecord(writer, "abstract", name, shared, [], documented.Docs[key], documented, key);
            foreach (EventLineModel line in model.Lines)
            {
                writer.Gap();
                string docs = "`" + line.Notation + "`\n" + documented.Docs[key];
                string caseName = TypeIdentifiers.Event(model.Name + "." + line.Case);
                List<EventPiece> values = ClientEventColumns.Values(line);
                WriteRecord(writer, "sealed", caseName, values, shared, docs, documented, key, InClient + name);
            }
        }
        else
        {
            EventLineModel line = model.Lines[0];
            List<EventPiece> values = ClientEventColumns.Values(line);
            string docs = "`" + line.Notation + "`\n" + documented.Docs[key];
            WriteRecord(writer, "sealed", name, values, [], docs, documented, key);
        }

        writer.Gap();
        writer.Open("internal static partial class EventParser");
        ClientEventReaderWriter.Write(writer, model);
        writer.Close();
        return GeneratedFile.From(name, writer);
    }

    /// <summary>The search for an event by its name.</summary>
    public static GeneratedFile WriteParser(EquatableArray<string> events, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Client);
        writer.Summary("Reads events from lines.");
        writer.Open("internal static partial class EventParser");
        writer.Summary("The event of this name, if there is one and the fields are like it.");
        writer.Line(GeneratedCode);
        writer.Open($"private static {DaemonEvent}? Find({Bytes} name, scoped ref {EventReader} fields)");
        if (events.Count > 0)
        {
            writer.Open("switch (name.Length)");
            foreach (IGrouping<int, string> alike in events.GroupBy(name => name.Length).OrderBy(alike => alike.Key))
            {
                writer.Line("case " + CSharp.Number(alike.Key) + ":");
                foreach (string name in alike)
                {
                    writer.Line($"    if ({Spans}.SequenceEqual(name, " + CSharp.Utf8(name) + "))");
                    writer.Line("    {");
                    writer.Line("        return Read" + Identifiers.Pascal(name) + "(ref fields);");
                    writer.Line("    }");
                    writer.Gap();
                }

                writer.Line("    break;");
            }

            writer.Close();
            writer.Gap();
        }

        writer.Line("return null;");
        writer.Close();
        writer.Close();
        return GeneratedFile.From("EventParser", writer);
    }

    /// <summary>True if an event has cases.</summary>
    public static bool IsTable(EventModel model) => model.Lines.Count > 0 && model.Lines[0].Case != null;

    /// <summary>The C# type of a property.</summary>
    public static string TypeOf(EventPiece piece) => piece.IsRest
        ? TextList
        : ClientCSharp.TypeOf(piece.Type!) + (piece.Kind == PieceKind.NameOrLiteral ? "?" : "");

    // The values that every case has, of the same type.
    private static List<EventPiece> Shared(EventModel model)
    {
        List<EventPiece> shared = ClientEventColumns.Values(model.Lines[0]);
        foreach (EventLineModel line in model.Lines)
        {
            List<EventPiece> values = ClientEventColumns.Values(line);
            shared.RemoveAll(value => !values.Exists(
                other => other.Parameter == value.Parameter && TypeOf(other) == TypeOf(value)));
        }

        return shared;
    }

    // A property has one name in the record of the event and in those of all cases, and is called like none of them.
    private static string Property(EventModel model, EventPiece value)
    {
        List<string> records = [TypeIdentifiers.Event(model.Name)];
        foreach (EventLineModel line in model.Lines)
        {
            records.Add(TypeIdentifiers.Event(model.Name + "." + line.Case));
        }

        return Identifiers.Member(Identifiers.Pascal(value.Parameter), [.. records]);
    }

    private static void WriteRecord(
        SourceWriter writer,
        string modifier,
        string name,
        List<EventPiece> values,
        List<EventPiece> inherited,
        string summary,
        Documented<EventModel> documented,
        string key,
        string @base = DaemonEvent)
    {
        writer.Summary(summary);
        foreach (EventPiece value in values)
        {
            string comment = documented.Docs[key + "/" + value.Parameter];
            string text = comment.Length > 0 ? comment.Replace('\n', ' ') : "The field `" + value.Parameter + "`.";
            text += value.Kind == PieceKind.NameOrLiteral ? " Null for `" + value.Literal + "`." : "";
            string property = Property(documented.Model, value);
            writer.Line("/// <param name=\"" + property + "\">" + Xml.FromSpec(text) + "</param>");
        }

        LifecycleModel lifecycle = documented.Model.Lifecycle;
        if (lifecycle.Since != null)
        {
            writer.Remarks(LifecycleProse.Since(lifecycle));
        }

        LifecycleProse.WriteObsolete(writer, lifecycle);
        List<string> parameters = values.ConvertAll(
            value => TypeOf(value) + " " + Property(documented.Model, value));
        string arguments = string.Join(", ", inherited.ConvertAll(value => Property(documented.Model, value)));
        writer.Line(GeneratedCode);
        writer.Call(
            "public " + modifier + " record " + name + "(", parameters,
            ") : " + @base + (arguments.Length > 0 ? "(" + arguments + ");" : ";"));
    }
}
