using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>
/// docs/daemonproxy-protocol.7: the page of the protocol as a manual page. Its headings are sections, and the rows of
/// its tables are items.
/// </summary>
internal static partial class ProtocolManualWriter
{
    private const string Fence = "```";

    public static string Write(DocumentSource source)
    {
        var writer = new Converter();
        string name = source.Spec.Manual.Protocol;
        writer.Roff.Request($".\\\" Made from {source.SpecFile} by `{source.Maker}`.");
        writer.Roff.Request(
            $".TH {name.ToUpperInvariant()}\\-PROTOCOL 7 \"{source.Date}\" \"{name} {source.Version}\" \"Protocols\"");
        writer.Roff.Request(".SH NAME");
        writer.Roff.Request($"{name}\\-protocol \\- the commands and events of the {name} protocol");
        writer.Roff.Request(".SH DESCRIPTION");
        string[] page = ProtocolPageWriter.Write(source).TrimEnd('\n').Split('\n');
        foreach (string line in page.Skip(1).Where(line => !line.StartsWith("<!--", StringComparison.Ordinal)))
        {
            writer.Add(line);
        }

        writer.End();
        writer.Roff.Request(".SH SEE ALSO");
        writer.Roff.Request($".BR {name} (8)");
        return writer.Roff + "\n";
    }

    [GeneratedRegex("""<a id="[^"]*"></a>""")]
    private static partial Regex Anchor();

    [GeneratedRegex("""\[([^\]]*)\]\(([^)]*)\)""")]
    private static partial Regex Link();

    // Bars within code are escaped, as `a \| b`.
    [GeneratedRegex("""(?<!\\)\|""")]
    private static partial Regex Bar();

    [GeneratedRegex("""\\([\[\]|*_<>])""")]
    private static partial Regex Escaped();

    // Two backquotes stand around a text with backquotes.
    [GeneratedRegex("`` (.*?) ``")]
    private static partial Regex DoubleQuoted();

    private sealed class Converter
    {
        private readonly List<string> _paragraph = [];
        private string[]? _headings;
        private bool _isCode;
        private bool _isInContents = true;

        public Roff Roff { get; } = new();

        public void Add(string line)
        {
            bool isFence = line.StartsWith(Fence, StringComparison.Ordinal);
            if (isFence)
            {
                End();
                _isCode = !_isCode;
                Roff.Code(_isCode);
            }
            else if (_isCode)
            {
                Roff.Literal(line);
            }
            else if (line.StartsWith('#'))
            {
                End();
                _isInContents = false;
                AddHeading(line);
            }
            else if (line.StartsWith('|'))
            {
                AddRow([.. Bar().Split(line.Trim().Trim('|')).Select(cell => Text(cell.Trim()))]);
            }
            else if (line.StartsWith("- ", StringComparison.Ordinal))
            {
                End();
                AddPoint(Text(line[2..]));
            }
            else if (line.Length == 0)
            {
                End();
            }
            else
            {
                _paragraph.Add(Text(line));
            }
        }

        /// <summary>The end of a paragraph or a table.</summary>
        public void End()
        {
            if (_paragraph.Count > 0)
            {
                Roff.Paragraph(string.Join(' ', _paragraph));
            }

            _paragraph.Clear();
            _headings = null;
        }

        // The list of links in front of the first heading is for a page with links.
        private void AddPoint(string text)
        {
            if (!_isInContents)
            {
                Roff.Point(text);
            }
        }

        private void AddHeading(string line)
        {
            string text = Anchor().Replace(line.TrimStart('#').Trim(), "");
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                Roff.Section(text.ToUpperInvariant());
            }
            else
            {
                Roff.Heading(Roff.Escape(text));
            }
        }

        // The first cell is what the row is about; behind the second one the heading says what a cell is.
        private void AddRow(string[] cells)
        {
            if (_headings is null)
            {
                _headings = cells;
                return;
            }

            if (cells[0].StartsWith("---", StringComparison.Ordinal))
            {
                return;
            }

            IEnumerable<string> rest = cells.Skip(1)
                .Select((cell, index) =>
                    index == 0 || cell.Length == 0 ? cell : $"{Capital(_headings[index + 1])}: {cell}")
                .Where(cell => cell.Length > 0)
                .Select(cell => cell.EndsWith('.') ? cell : cell + ".");
            Roff.Item(Roff.Inline(cells[0]), string.Join(' ', rest));
        }

        private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

        // Without what is only for Markdown.
        private static string Text(string line) => DoubleQuoted().Replace(
            Escaped().Replace(Link().Replace(Anchor().Replace(line, ""), "$1"), "$1"), "$1");
    }
}
