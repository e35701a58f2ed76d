using System;
using System.Collections.Generic;
using System.Text;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>Writes parts of a manual page in the man(7) macros; no line of text is longer than 80 bytes.</summary>
internal sealed class Roff
{
    private const int Width = 80;
    private readonly List<string> _lines = [];

    /// <summary>Words in bold that are typed as they are.</summary>
    public static string Bold(string text) => "\\fB" + Escape(text) + "\\fR";

    /// <summary>Words that stand for values.</summary>
    public static string Italic(string text) => "\\fI" + Escape(text) + "\\fR";

    /// <summary>Escapes characters that roff interprets, and dashes that somebody may copy.</summary>
    public static string Escape(string text) => text.Replace("\\", "\\e").Replace("-", "\\-");

    /// <summary>A comment of the spec: what is between backquotes is bold, and letters have ASCII forms.</summary>
    public static string Inline(string text) => ToAscii(FromSpec(text));

    /// <summary>A line as it is.</summary>
    public void Request(string line) => _lines.Add(line);

    public void Section(string text) => _lines.Add(".SH " + text);

    public void Heading(string text) => _lines.Add(".SS " + text);

    /// <summary>A paragraph below a heading or an item.</summary>
    public void Paragraph(string text)
    {
        if (!_lines[_lines.Count - 1].StartsWith(".S"))
        {
            _lines.Add(".PP");
        }

        Wrap(Inline(text));
    }

    /// <summary>An item of a list.</summary>
    public void Point(string text)
    {
        _lines.Add(".IP \\(bu 2");
        Wrap(Inline(text));
    }

    /// <summary>Begins or ends lines that are shown as they are.</summary>
    public void Code(bool begins)
    {
        if (begins && !_lines[_lines.Count - 1].StartsWith(".S"))
        {
            _lines.Add(".PP");
        }

        _lines.AddRange(begins ? [".RS 4", ".nf"] : [".fi", ".RE"]);
    }

    /// <summary>A line that is shown as it is; a long one is continued in the source.</summary>
    public void Literal(string line)
    {
        string text = ToAscii(Escape(line));
        string start = text.Length > 0 && text[0] is '.' or '\'' ? "\\&" : "";
        _lines.Add(Continued(start + text));
    }

    /// <summary>An item, and what is said of it.</summary>
    public void Item(string tag, string text)
    {
        _lines.Add(".TP");
        _lines.Add(Continued(tag));
        Wrap(Inline(text));
    }

    public override string ToString() => string.Join("\n", _lines);

    // A TAB is shown as an arrow, which each kind of terminal has a form of.
    private static string ToAscii(string text) =>
        text.Replace("⇥", "\\(->").Replace("…", "...").Replace("⏎", "\\(CR");

    // A backslash at the end of a line continues it. No escape is torn.
    private static string Continued(string text)
    {
        var lines = new StringBuilder();
        while (Encoding.UTF8.GetByteCount(text) > Width)
        {
            int end = Width - 2;
            while (end > 1 && (text.LastIndexOf('\\', end - 1, Math.Min(end, "\\fB\\(->".Length)) >= 0))
            {
                end--;
            }

            lines.Append(text, 0, end).Append("\\\n");
            text = text.Substring(end);
        }

        return lines.Append(text).ToString();
    }

    private static string FromSpec(string text)
    {
        var roff = new StringBuilder(text.Length);
        bool hasCode = Markdown.HasCode(text);
        bool isCode = false;
        foreach (char c in text)
        {
            roff.Append(c switch
            {
                '`' when hasCode => isCode ? "\\fR" : "\\fB",
                '\\' => "\\e",
                '-' when isCode => "\\-",
                _ => c.ToString(),
            });
            isCode ^= hasCode && c == '`';
        }

        return roff.ToString();
    }

    private void Wrap(string text)
    {
        string line = "";
        foreach (string word in text.Replace('\n', ' ').Split(' '))
        {
            if (line.Length > 0 && Encoding.UTF8.GetByteCount(line + " " + word) > Width - "\\&".Length)
            {
                AddText(line);
                line = "";
            }

            line += (line.Length > 0 ? " " : "") + word;
        }

        AddText(line);
    }

    // A dot or an apostrophe at the beginning of a line would be a request.
    private void AddText(string line) => _lines.Add((line.Length > 0 && line[0] is '.' or '\'' ? "\\&" : "") + line);
}
