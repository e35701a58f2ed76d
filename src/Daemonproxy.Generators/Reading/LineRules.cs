using System.Globalization;
using Daemonproxy.Generators.Problems;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Reading;

/// <summary>The rules for every line: no TABs, no other control characters, nothing
/// invisible, no blanks at the end.</summary>
internal static class LineRules
{
    /// <summary>True if the line can be read; if so, where its first token begins and its last one ends.</summary>
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

            if (position == line.End && EndsInCrLf(text, line))
            {
                // The reader reports it once for the whole file.
                continue;
            }

            if (c is '\u2028' or '\u2029' || (char.IsControl(c) && c != '\n'))
            {
                string code = ((int)c).ToString("X4", CultureInfo.InvariantCulture);
                problems.Report(Rules.ControlCharacter, new TextSpan(position, 1), code);
                return false;
            }
        }

        if (!CheckVisible(text, line, problems))
        {
            return false;
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

    /// <summary>True if a line ends in CR and LF.</summary>
    public static bool EndsInCrLf(string text, TextLine line) =>
        line.EndIncludingLineBreak == line.End + 2 && text[line.End] == '\r';

    // One problem a line. In a comment or a quoted text the line can be read all the same.
    private static bool CheckVisible(string text, TextLine line, ProblemBag problems)
    {
        bool isQuoted = false;
        bool isComment = false;
        bool isBlank = true;
        for (int position = line.Start; position < line.End; position++)
        {
            char c = text[position];
            isComment |= isBlank && c == '#';
            isBlank &= c == ' ';
            isQuoted ^= c == '"' && text[position - (position > line.Start ? 1 : 0)] != '\\';
            bool isPair = char.IsHighSurrogate(c) && position + 1 < line.End && char.IsLowSurrogate(text[position + 1]);
            if (IsInvisible(text, position))
            {
                int code = isPair ? char.ConvertToUtf32(text, position) : c;
                problems.Report(
                    Rules.InvisibleCharacter, new TextSpan(position, isPair ? 2 : 1),
                    code.ToString("X4", CultureInfo.InvariantCulture));
                return isComment || isQuoted;
            }

            position += isPair ? 1 : 0;
        }

        return true;
    }

    // U+FFFD stands for what could not be decoded; the fillers of Hangul are letters without a shape.
    private static bool IsInvisible(string text, int position) =>
        text[position] >= '\u0080'
        && (text[position] is '\uFFFD' or '\uFFFE' or '\uFFFF' or '\u115F' or '\u1160' or '\u3164' or '\uFFA0'
            || CharUnicodeInfo.GetUnicodeCategory(text, position) is UnicodeCategory.Format
                or UnicodeCategory.Surrogate or UnicodeCategory.SpaceSeparator);
}
