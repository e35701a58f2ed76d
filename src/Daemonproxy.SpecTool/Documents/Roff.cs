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

    /// <summary>What roff would read otherwise, and dashes that somebody may copy.</summary>
    public static string Escape(string text) => text.Replace("\\", "\\e").Replace("-", "\\-");

    public void Heading(string text) => _lines.Add(".SS " + text);

    /// <summary>An item, and what is said of it.</summary>
    public void Item(string tag, string text)
    {
        _lines.Add(".TP");
        _lines.Add(tag);
        Wrap(FromSpec(text));
    }

    public override string ToString() => string.Join("\n", _lines);

    // A comment of the spec: what is between backquotes is bold.
    private static string FromSpec(string text)
    {
        var roff = new StringBuilder(text.Length);
        bool isCode = false;
        foreach (char c in text)
        {
            roff.Append(c switch
            {
                '`' => isCode ? "\\fR" : "\\fB",
                '\\' => "\\e",
                '-' when isCode => "\\-",
                _ => c.ToString(),
            });
            isCode ^= c == '`';
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
