using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>The methods that read an event: one for each case, and one that tries them in order.</summary>
internal static class ClientEventReaderWriter
{
    public static void Write(SourceWriter writer, EventModel model)
    {
        if (!ClientEventWriter.IsTable(model))
        {
            WriteLine(writer, model.Lines[0], "Read" + Identifiers.Pascal(model.Name));
            return;
        }

        string type = InClient + TypeIdentifiers.Event(model.Name);
        int column = ColumnOfCases(model);
        writer.Line(GeneratedCode);
        writer.Open($"private static {type}? Read{Identifiers.Pascal(model.Name)}(scoped ref {EventReader} fields)");
        if (column >= 0)
        {
            writer.Line($"{Bytes} word = fields.Peek({CSharp.Number(column)});");
        }

        // The other cases are not tried where one word tells which it is.
        for (int index = 0; index < model.Lines.Count; index++)
        {
            EventLineModel line = model.Lines[index];
            string before = index == 0 ? "return " : "    ?? ";
            string behind = index == model.Lines.Count - 1 ? ";" : "";
            string read = "Read" + Identifiers.Pascal(line.Name + "." + line.Case) + "(ref fields)";
            string guard = column >= 0 && LiteralAt(line, column) is { } literal
                ? $"({Spans}.SequenceEqual(word, {CSharp.Utf8(literal)}) ? {read} : null)"
                : read;
            writer.Line(before + guard + behind);
        }

        writer.Close();
        foreach (EventLineModel line in model.Lines)
        {
            writer.Gap();
            WriteLine(writer, line, "Read" + Identifiers.Pascal(line.Name + "." + line.Case));
        }
    }

    // The first column in which all cases but one have a word of their own; -1 if there is none.
    private static int ColumnOfCases(EventModel model)
    {
        int columns = int.MaxValue;
        foreach (EventLineModel line in model.Lines)
        {
            columns = System.Math.Min(columns, ClientEventColumns.Of(line).Count);
        }

        for (int column = 0; column < columns; column++)
        {
            int words = 0;
            foreach (EventLineModel line in model.Lines)
            {
                words += LiteralAt(line, column) != null ? 1 : 0;
            }

            if (words >= model.Lines.Count - 1)
            {
                return column;
            }
        }

        return -1;
    }

    private static string? LiteralAt(EventLineModel line, int column) =>
        ClientEventColumns.Of(line)[column] is { Count: 1 } pieces && pieces[0].Kind == PieceKind.Literal
            ? pieces[0].Literal
            : null;

    private static void WriteLine(SourceWriter writer, EventLineModel line, string method)
    {
        string found = InClient + TypeIdentifiers.Event(line.Name);
        string type = InClient + TypeIdentifiers.Event(line.Case == null ? line.Name : line.Name + "." + line.Case);
        List<string> conditions = Conditions(line);
        string arguments = string.Join(", ", ClientEventColumns.Values(line).ConvertAll(Variable));
        writer.Line(GeneratedCode);
        writer.Line("private static " + found + "? " + method + $"(scoped ref {EventReader} fields) =>");
        for (int index = 0; index < conditions.Count; index++)
        {
            writer.Line((index == 0 ? "    " : "        && ") + conditions[index]);
        }

        writer.Line("            ? new " + type + "(" + arguments + ")");
        writer.Line("            : null;");
    }

    private static List<string> Conditions(EventLineModel line)
    {
        // What was tried before has taken fields.
        var conditions = new List<string> { "fields.Restart()" };
        foreach (List<EventPiece> column in ClientEventColumns.Of(line))
        {
            if (column.Count == 1)
            {
                conditions.Add("fields." + Whole(column[0], ClientEventColumns.IsMessage(line)));
                continue;
            }

            conditions.Add("fields.Words()");
            foreach (EventPiece piece in column)
            {
                conditions.AddRange(Words(piece));
            }

            conditions.Add("fields.NoMoreWords()");
        }

        return conditions;
    }

    // A value, or a literal, that is a whole field.
    private static string Whole(EventPiece piece, bool isMessage)
    {
        if (piece.Kind == PieceKind.Literal)
        {
            return "Literal(" + CSharp.Utf8(piece.Literal) + ")";
        }

        string variable = "out " + ClientEventWriter.TypeOf(piece) + " " + Variable(piece);
        WireType type = piece.Type!;
        return piece switch
        {
            { IsRest: true } => "Rest(" + variable + ")",
            { Kind: PieceKind.NameOrLiteral } =>
                "Optional(" + variable + ", " + CSharp.Utf8(piece.Literal) + ", " + ClientCSharp.ParserOf(type) + ")",
            _ when type.Kind == ValueKind.Text => (isMessage ? "Message(" : "Text(") + variable + ")",
            _ when type.Kind is ValueKind.Set or ValueKind.ValuedSet =>
                "Set(" + variable + ", " + ClientCSharp.WordsOf(type) + ".TryAdd)",
            _ => "TryTake(out " + Bytes + " " + Raw(piece) + ") && " + ClientCSharp.ParserOf(type) + "(" + Raw(piece)
                + ", " + variable + ")",
        };
    }

    private static string Raw(EventPiece piece) => Identifiers.Beside(Variable(piece), "bytes");

    // What is one of several words of a field.
    private static IEnumerable<string> Words(EventPiece piece)
    {
        if (piece.Kind == PieceKind.Literal)
        {
            foreach (string word in piece.Literal.Split(','))
            {
                if (word.Length > 0)
                {
                    yield return "fields.Word(" + CSharp.Utf8(word) + ")";
                }
            }

            yield break;
        }

        string variable = "out " + ClientEventWriter.TypeOf(piece) + " " + Variable(piece);
        yield return piece.Type!.Kind is ValueKind.Set or ValueKind.ValuedSet
            ? "fields.Flags(" + variable + ", " + ClientCSharp.WordsOf(piece.Type) + ".TryAdd)"
            : "fields.WordValue(" + variable + ", " + ClientCSharp.ParserOf(piece.Type) + ")";
    }

    private static string Variable(EventPiece piece) => Identifiers.Local(piece.Parameter);
}
