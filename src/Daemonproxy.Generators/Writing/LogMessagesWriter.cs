using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>The messages of the log that others may rely on: for the log itself, and as text alone.</summary>
internal static class LogMessagesWriter
{
    public static GeneratedFile Write(LogsModel model, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Logging);
        writer.Summary("The messages of the log that others may rely on. One that is filtered costs a comparison.");
        writer.OpenType("internal static class LogMessages");
        foreach (LogModel message in model.Messages)
        {
            WriteMessage(writer, message, model.Docs["log " + message.Name]);
        }

        writer.Close();
        return GeneratedFile.From("LogMessages", writer);
    }

    private static void WriteMessage(SourceWriter writer, LogModel message, string docs)
    {
        string name = Identifiers.Member(Identifiers.Pascal(message.Name), "LogMessages");
        string level = CSharp.EnumType("log-level") + "." + Identifiers.Pascal(message.Level);
        writer.Gap();
        writer.Summary("`" + Wire.Text(message.Pieces) + "`\n" + docs);
        if (message.Pieces.Count == 1 && message.Pieces[0].Type == null)
        {
            WriteFixed(writer, name, level, message);
        }
        else
        {
            WriteFilled(writer, name, level, message);
        }
    }

    private static void WriteFixed(SourceWriter writer, string name, string level, LogModel message)
    {
        writer.Line("public static void " + name + $"({Log} log) => log.Say(" + level + ", " + name + "Text);");
        writer.Gap();
        writer.Summary("The text of `" + message.Name + "`.");
        string text = CSharp.Utf8(message.Pieces[0].Literal);
        writer.Line($"public static {Bytes} " + name + "Text => " + text + ";");
    }

    private static void WriteFilled(SourceWriter writer, string name, string level, LogModel message)
    {
        var parameters = new List<string>();
        var arguments = new List<string> { "ref line" };
        foreach (MessagePiece piece in message.Pieces)
        {
            if (piece.Type != null)
            {
                parameters.Add(CSharp.TypeOf(piece.Type) + " " + Identifiers.Local(piece.Placeholder!));
                arguments.Add(Identifiers.Local(piece.Placeholder!));
            }
        }

        writer.OpenCall("public static void " + name + "(", [$"{Log} log", .. parameters], ")");
        writer.Open("if (log.Wants(" + level + "))");
        writer.Line($"{LineWriter} line = log.Begin(" + level + ");");
        writer.Call(name + "Text(", arguments, ");");
        writer.Line("log.End(ref line);");
        writer.Close();
        writer.Close();
        writer.Gap();
        writer.Summary("The text of `" + message.Name + "`.");
        writer.OpenCall("public static void " + name + "Text(", [$"ref {LineWriter} line", .. parameters], ")");
        foreach (MessagePiece piece in message.Pieces)
        {
            writer.Line(piece.Type == null
                ? "line.Text(" + CSharp.Utf8(piece.Literal) + ");"
                : CSharp.WriteTo("line", piece.Type, Identifiers.Local(piece.Placeholder!)));
        }

        writer.Close();
    }
}
