using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>One method for each line that an event can be: a value that it has not cannot be passed.</summary>
internal static class EventWriter
{
    public static GeneratedFile Write(Documented<EventModel> documented, Namespaces names)
    {
        EventModel model = documented.Model;
        var writer = new SourceWriter(names, names.Protocol);
        writer.Summary("Writes the events, each a whole line.");
        writer.Open("internal static partial class Events");
        foreach (EventLineModel line in model.Lines)
        {
            WriteLine(writer, line, LifecycleProse.Behind(documented.Docs["event " + model.Name], model.Lifecycle));
        }

        writer.Close();
        return GeneratedFile.From("Events." + Identifiers.Pascal(model.Name), writer);
    }

    private static void WriteLine(SourceWriter writer, EventLineModel model, string docs)
    {
        string name = Identifiers.Pascal(model.Name + "." + model.Case);
        var parameters = new List<string> { $"ref {LineWriter} line" };
        foreach (EventPiece piece in model.Pieces)
        {
            if (piece.Type != null)
            {
                parameters.Add(CSharp.TypeOf(piece.Type) + " " + Identifiers.Local(piece.Parameter));
            }
        }

        writer.Gap();
        writer.Summary("The most bytes of `" + model.Notation + "`, LF included.");
        writer.Line(GeneratedCode);
        writer.Line("public const int Longest" + name + " = " + CSharp.Number(model.Longest) + ";");
        writer.Gap();
        writer.Summary("`" + model.Notation + "`\n" + docs);
        writer.Line(GeneratedCode);
        string method = Identifiers.Member(name, "Events");
        writer.OpenCall("public static void " + method + "(", parameters, ")");
        foreach (EventPiece piece in model.Pieces)
        {
            WritePiece(writer, piece);
        }

        writer.Close();
    }

    private static void WritePiece(SourceWriter writer, EventPiece piece)
    {
        string parameter = piece.Type == null ? "" : Identifiers.Local(piece.Parameter);
        switch (piece.Kind)
        {
            case PieceKind.Literal:
                writer.Line("line.Text(" + CSharp.Utf8(piece.Literal) + ");");
                break;
            case PieceKind.NameOrLiteral:
                writer.Line(
                    "line.Text(" + parameter + ".Bytes.IsEmpty ? " + CSharp.Utf8(piece.Literal)
                    + " : " + parameter + ".Bytes);");
                break;
            case PieceKind.FlagsThenComma or PieceKind.CommaThenFlags:
                string words = piece.Type!.Kind == ValueKind.ValuedSet ? parameter + ".Flags" : parameter;
                writer.Open("if (" + words + " != " + CSharp.SetType(piece.Type.Declaration) + ".None)");
                bool isCommaFirst = piece.Kind == PieceKind.CommaThenFlags;
                const string comma = "line.Byte((byte)',');";
                string flags = CSharp.WriteTo("line", piece.Type!, parameter);
                writer.Line(isCommaFirst ? comma : flags);
                writer.Line(isCommaFirst ? flags : comma);
                writer.Close();
                writer.Gap();
                break;
            default:
                writer.Line(CSharp.WriteTo("line", piece.Type!, parameter));
                break;
        }
    }
}
