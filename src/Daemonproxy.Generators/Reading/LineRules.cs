using System.Globalization;
using Daemonproxy.Generators.Problems;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Reading;

/// <summary>What holds for every line: no TABs, no other control characters, nothing blank at the end.</summary>
internal static class LineRules
{
    /// <summary>Whether the line can be read; if so, where its first token begins and its last one ends.</summary>
    public static bool Check(string text, TextLine line, ProblemBag problems, out int start, out int end)
    {
        start = line.Start;
        end = line.End;
        for (int position = start; position < line.EndIncludingLineBreak; position++)
        {
            char c = text[position];
            if (c == '\t')
            {
                problems.Report(Rules.Tab, new TextSpan(position, 1));
                return false;
            }

            if (c is '\u2028' or '\u2029' || (char.IsControl(c) && c != '\n'))
            {
                string code = ((int)c).ToString("X4", CultureInfo.InvariantCulture);
                problems.Report(Rules.ControlCharacter, new TextSpan(position, 1), code);
                return false;
            }
        }

        while (end > start && text[end - 1] == ' ')
        {
            end--;
        }

        if (end < line.End)
        {
            problems.Report(Rules.TrailingBlanks, TextSpan.FromBounds(end, line.End));
        }

        while (start < end && text[start] == ' ')
        {
            start++;
        }

        return true;
    }
}
