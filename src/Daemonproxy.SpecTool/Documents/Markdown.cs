using System.Collections.Generic;
using System.Linq;
using System.Text;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>Writes a page in Markdown, as far as CommonMark with tables goes.</summary>
internal sealed class Markdown
{
    private readonly StringBuilder _text = new();

    /// <summary>A comment of the spec as running text: what is between backquotes is code, all else is plain.</summary>
    public static string FromSpec(string text)
    {
        var escaped = new StringBuilder(text.Length);
        bool hasCode = HasCode(text);
        bool isCode = false;
        char before = '\n';
        foreach (char c in text)
        {
            isCode ^= hasCode && c == '`';
            bool isBlock = before == '\n' && c is ('#' or '|' or '>');
            bool isInline = !isCode && (c is '*' or '<' or '[' or '\\' || (!hasCode && c == '`'));
            escaped.Append(isBlock || isInline ? "\\" : "").Append(c);
            before = c;
        }

        return escaped.ToString();
    }

    /// <summary>
    /// True if the backquotes of a comment come in pairs, each around something: otherwise they are text.
    /// </summary>
    public static bool HasCode(string text) => text.Count(c => c == '`') % 2 == 0 && !text.Contains("``");

    /// <summary>Text that is written unchanged.</summary>
    public static string Code(string text) =>
        text.Length == 0 ? "nothing" : text.Contains('`') ? "`` " + text + " ``" : "`" + text + "`";

    public void Heading(int level, string text) => Block(new string('#', level) + " " + text);

    /// <summary>A paragraph, a list, or whatever else stands between blank lines.</summary>
    public void Block(string text) => _text.Append(_text.Length == 0 ? "" : "\n").Append(text).Append('\n');

    /// <summary>Lines as they are.</summary>
    public void Fence(string lines) => Block("```text\n" + lines.TrimEnd('\n') + "\n```");

    /// <summary>A table; rows without cells leave it out altogether.</summary>
    public void Table(string[] headings, List<string[]> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var table = new StringBuilder();
        Row(table, headings);
        table.Append('\n').Append('|');
        foreach (string _ in headings)
        {
            table.Append("---|");
        }

        foreach (string[] row in rows)
        {
            table.Append('\n');
            Row(table, row);
        }

        Block(table.ToString());
    }

    public override string ToString() => _text.ToString();

    private static void Row(StringBuilder table, string[] cells)
    {
        table.Append('|');
        foreach (string cell in cells)
        {
            table.Append(' ').Append(cell.Replace("|", "\\|").Replace('\n', ' ')).Append(cell.Length == 0 ? "|" : " |");
        }
    }
}
