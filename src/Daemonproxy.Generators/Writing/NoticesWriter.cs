using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>The texts of <c>warning</c>s, or of <c>info</c>s, as whole event lines.</summary>
internal static class NoticesWriter
{
    public static GeneratedFile Write(NoticesModel model, Namespaces names)
    {
        string @class = Identifiers.Pascal(model.Event) + "s";
        var writer = new SourceWriter(names, names.Protocol);
        writer.Summary("The `" + model.Event + "` events with a fixed text.");
        writer.OpenType("internal static class " + @class);
        foreach (NoticeModel notice in model.Notices)
        {
            WriteNotice(writer, notice, model.Docs[notice.Event + " " + notice.Name]);
        }

        writer.Close();
        return GeneratedFile.From(@class, writer);
    }

    private static void WriteNotice(SourceWriter writer, NoticeModel notice, string docs)
    {
        string name = Identifiers.Pascal(notice.Name);
        var parameters = new List<string> { $"ref {LineWriter} line" };
        var statements = new List<string>();
        string literal = notice.Event + "\t";
        foreach (MessagePiece piece in notice.Pieces)
        {
            if (piece.Type == null)
            {
                literal += piece.Literal;
                continue;
            }

            string parameter = Identifiers.Local(piece.Placeholder!);
            parameters.Add(CSharp.TypeOf(piece.Type) + " " + parameter);
            TakeLiteral();
            statements.Add(CSharp.WriteTo("line", piece.Type, parameter));
        }

        literal += "\n";
        TakeLiteral();
        writer.Gap();
        writer.Summary("The most bytes of `" + notice.Name + "`, LF included.");
        writer.Line("public const int Longest" + name + " = " + CSharp.Number(notice.Longest) + ";");
        writer.Gap();
        writer.Summary(docs);
        string method = Identifiers.Writer(notice.Name, Identifiers.Pascal(notice.Event) + "s");
        writer.OpenCall($"public static void {method}(", parameters, ")");
        statements.ForEach(writer.Line);
        writer.Close();

        void TakeLiteral()
        {
            if (literal.Length > 0)
            {
                statements.Add("line.Text(" + CSharp.Utf8(literal) + ");");
                literal = "";
            }
        }
    }
}
