using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>The enum of errors, and the lookup of an error by its text.</summary>
internal static class ClientErrorsWriter
{
    public static GeneratedFile Write((EquatableArray<ErrorModel> Errors, Documentation Docs) spec, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Client);
        writer.Summary("The errors of the protocol.");
        ErrorMembers.Write(
            writer,
            "public enum ErrorKind",
            ("Other", "One that this client does not know; among them that there is no such command."),
            spec.Errors,
            spec.Docs,
            isFixed: true);
        writer.Gap();
        writer.Summary("The texts of the errors.");
        writer.OpenType("internal static class ErrorTexts");
        WriteFind(writer, spec.Errors);
        writer.Close();
        return GeneratedFile.From("ErrorKind", writer);
    }

    // Of two errors with the same text, the first counts. A text without values comes before those that are like it,
    // and of those the one with the most letters of its own.
    private static void WriteFind(SourceWriter writer, EquatableArray<ErrorModel> errors)
    {
        var seen = new HashSet<string>();
        writer.Summary("The error that has this text.");
        writer.Open("public static " + ErrorKind + " Find(string text) => text switch");
        foreach (ErrorModel error in errors.OrderBy(
            error => error.HasPlaceholders ? -Literals(error).Sum(one => one.Length) : int.MinValue))
        {
            List<string> literals = Literals(error);
            if (seen.Add(string.Join("\t", literals)))
            {
                string condition = error.HasPlaceholders
                    ? $"_ when {MessageText}.IsLike(text, [{string.Join(", ", literals.ConvertAll(CSharp.Quoted))}])"
                    : CSharp.Quoted(literals[0]);
                writer.Line(condition + $" => {ErrorKind}." + ClientCSharp.ErrorMember(error.Name) + ",");
            }
        }

        writer.Line($"_ => {ErrorKind}.Other,");
        writer.Close(";");
    }

    // What stands before, between and behind the placeholders.
    private static List<string> Literals(ErrorModel error)
    {
        var literals = new List<string> { "" };
        foreach (MessagePiece piece in error.Pieces)
        {
            if (piece.Placeholder != null)
            {
                literals.Add("");
            }
            else
            {
                literals[literals.Count - 1] += piece.Literal;
            }
        }

        return literals;
    }
}
