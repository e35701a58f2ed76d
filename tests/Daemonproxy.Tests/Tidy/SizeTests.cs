using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;
using Xunit;

namespace Daemonproxy.Tests.Tidy;

/// <summary>Files, lines and methods are short enough to be read.</summary>
public sealed partial class SizeTests
{
    private const int MostLines = 400;
    private const int MostColumns = 120;
    private const int MostMethodLines = 70;

    [Fact]
    public void FilesHaveAtMost400Lines() =>
        Report(file => file.Lines.Length > MostLines + 1 ? [$"{file.Name}: {file.Lines.Length - 1} lines"] : []);

    [Fact]
    public void LinesHaveAtMost120Columns() => Report(file =>
    {
        List<string> long1 = [];
        for (int i = 0; i < file.Lines.Length; i++)
        {
            if (file.Lines[i].Length > MostColumns)
            {
                long1.Add($"{file.Name}({i + 1}): {file.Lines[i].Length} columns");
            }
        }

        return long1;
    });

    [Fact]
    public void MethodsHaveAtMost70Lines() => Report(file =>
    {
        List<string> found = [];
        for (int i = 1; i < file.Lines.Length; i++)
        {
            Match open = Opening().Match(file.Lines[i]);
            if (open.Success && !NoMethod().IsMatch(HeaderOf(file.Lines, i)))
            {
                string closing = open.Groups[1].Value + "}";
                int end = Array.FindIndex(file.Lines, i, line => line.StartsWith(closing, StringComparison.Ordinal));
                if (end - i - 1 > MostMethodLines)
                {
                    found.Add($"{file.Name}({i}): {end - i - 1} lines");
                }
            }
        }

        return found;
    });

    [Fact]
    public void FilesEndInOneLineFeedAndHaveNoTabsOrTrailingBlanks() => Report(file =>
    {
        List<string> found = [];
        bool ends = file.Text.EndsWith('\n') && !file.Text.EndsWith("\n\n", StringComparison.Ordinal);
        if (!ends || file.Text.Contains('\r') || file.Text.Contains('\t'))
        {
            found.Add($"{file.Name}: the end, CR or TAB");
        }

        for (int i = 0; i < file.Lines.Length; i++)
        {
            if (file.Lines[i].EndsWith(' '))
            {
                found.Add($"{file.Name}({i + 1}): trailing blanks");
            }
        }

        return found;
    });

    private static void Report(Func<SourceFile, List<string>> rule)
    {
        List<string> found = [];
        foreach (SourceFile file in SourceFile.All)
        {
            found.AddRange(rule(file));
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    // What the brace belongs to: the lines before it, back to the end of something else.
    private static string HeaderOf(string[] lines, int brace)
    {
        string header = "";
        for (int i = brace - 1; i >= 0 && lines[i].Trim() is not ("" or "{" or "}"); i--)
        {
            header = lines[i] + " " + header;
        }

        return header;
    }

    [GeneratedRegex("^( {4,})\\{$")]
    private static partial Regex Opening();

    // Types; and tables, which are as long as what they list.
    [GeneratedRegex(@"\b(class|struct|interface|enum|record)\b|=>.*\bswitch *$")]
    private static partial Regex NoMethod();
}
