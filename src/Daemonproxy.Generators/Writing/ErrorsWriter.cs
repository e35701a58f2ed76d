using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>The errors as values, and the one place that turns them into text.</summary>
internal static class ErrorsWriter
{
    public static GeneratedFile Write(
        (EquatableArray<ErrorModel> Errors, SizesModel Sizes, Documentation Docs) spec, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Protocol);
        writer.Summary("The errors of the spec.");
        ErrorMembers.Write(
            writer,
            "internal enum ErrorId : byte",
            ("None", "No error: the command was carried out."),
            spec.Errors,
            spec.Docs);
        writer.Gap();
        writer.Summary("Every error that a command can answer with.");
        writer.OpenType("internal static class Errors");
        foreach (ErrorModel error in spec.Errors)
        {
            writer.Gap();
            writer.Summary(ErrorMembers.Describe(error, spec.Docs));
            WriteValue(writer, error);
        }

        writer.Gap();
        WriteWrite(writer, spec.Errors, spec.Sizes);
        writer.Gap();
        WriteText(writer, spec.Errors);
        writer.Close();
        return GeneratedFile.From("Errors", writer);
    }

    private static void WriteValue(SourceWriter writer, ErrorModel error)
    {
        var parameters = new List<string>();
        string text = "default", number = "0", reason = $"{Errno}.None";
        foreach (MessagePiece piece in error.Pieces)
        {
            if (piece.Type == null)
            {
                continue;
            }

            string parameter = Identifiers.Local(piece.Placeholder!);
            parameters.Add(CSharp.TypeOf(piece.Type) + " " + parameter);
            switch (piece.Type.Kind)
            {
                case ValueKind.Text:
                    text = parameter;
                    break;
                case ValueKind.Name:
                    text = parameter + ".Bytes";
                    break;
                case ValueKind.Errno:
                    reason = parameter;
                    break;
                default:
                    number = piece.Type.Kind == ValueKind.Pid ? parameter + ".Value" : parameter;
                    break;
            }
        }

        string name = Identifiers.Pascal(error.Name);
        string value = $"new({ErrorId}." + name + ", " + text + ", " + number + ", " + reason + ");";
        string list = parameters.Count == 0 ? "" : "(" + string.Join(", ", parameters) + ")";
        writer.Line($"public static {CommandError} " + CSharp.ErrorMember(error.Name) + list + " =>");
        writer.Line("    " + value);
    }

    private static void WriteWrite(SourceWriter writer, EquatableArray<ErrorModel> errors, SizesModel sizes)
    {
        var filled = new List<ErrorModel>();
        foreach (ErrorModel error in errors)
        {
            if (error.HasPlaceholders)
            {
                filled.Add(error);
            }
        }

        writer.Summary("Writes the text of an error; one that is filled with values is cut to `limit error-text`.");
        writer.Open($"public static void Write(in {CommandError} error, ref {LineWriter} line)");
        if (filled.Count == 0)
        {
            writer.Line("line.Text(Text(error.Id));");
            writer.Close();
            return;
        }

        writer.Line($"{Bytes} text = Text(error.Id);");
        writer.Open("if (!text.IsEmpty)");
        writer.Line("line.Text(text);");
        writer.Line("return;");
        writer.Close();
        writer.Gap();
        writer.Line($"{Buffer} buffer = stackalloc byte[" + CSharp.Number(sizes.LongestUncutError) + "];");
        writer.Line($"{LineWriter} whole = new(buffer);");
        writer.Open("switch (error.Id)");
        foreach (ErrorModel error in filled)
        {
            writer.Line($"case {ErrorId}." + Identifiers.Pascal(error.Name) + ":");
            foreach (MessagePiece piece in error.Pieces)
            {
                writer.Line("    " + Fill(piece));
            }

            writer.Line("    break;");
        }

        writer.Close();
        writer.Gap();
        writer.Line("line.Text(Cut(whole.Written));");
        writer.Close();
        writer.Gap();
        writer.Line($"private static {Bytes} Cut({Bytes} text) =>");
        writer.Line($"    text.Length > {Limits}.ErrorText ? text[..{Limits}.ErrorText] : text;");
    }

    private static string Fill(MessagePiece piece) => piece.Type?.Kind switch
    {
        null => "whole.Text(" + CSharp.Utf8(piece.Literal) + ");",
        ValueKind.Text => "whole.Text(Cut(error.Text));",
        ValueKind.Name => "whole.Text(error.Text);",
        ValueKind.Errno => "whole.Errno(error.Reason);",
        _ => "whole.Integer(error.Number);",
    };

    private static void WriteText(SourceWriter writer, EquatableArray<ErrorModel> errors)
    {
        writer.Line("// The texts without placeholders.");
        writer.Open($"private static {Bytes} Text({ErrorId} id) => id switch");
        foreach (ErrorModel error in errors)
        {
            if (!error.HasPlaceholders)
            {
                string text = error.Pieces.Count == 0 ? "" : error.Pieces[0].Literal;
                writer.Line($"{ErrorId}." + Identifiers.Pascal(error.Name) + " => " + CSharp.Utf8(text) + ",");
            }
        }

        writer.Line("_ => default,");
        writer.Close(";");
    }
}
