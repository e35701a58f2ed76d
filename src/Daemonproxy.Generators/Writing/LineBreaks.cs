using System.Collections.Generic;

namespace Daemonproxy.Generators.Writing;

/// <summary>Breaks a line of C# that is too long, where somebody would who writes it.</summary>
internal static class LineBreaks
{
    private const string Comment = "/// ";

    /// <summary>The line in parts of at most so many characters, as far as that can be done.</summary>
    public static IEnumerable<string> Of(string line, int width)
    {
        bool isComment = line.StartsWith(Comment, System.StringComparison.Ordinal);
        string indentation = isComment ? Comment : "    ";
        bool isRemark = !isComment && line.StartsWith("//", System.StringComparison.Ordinal);
        while (line.Length > width && !isRemark)
        {
            int end = isComment ? LastBlank(line, width) : LastJoint(line, width);
            if (end <= indentation.Length)
            {
                break;
            }

            yield return line.Substring(0, end).TrimEnd();
            line = indentation + line.Substring(end).TrimStart();
        }

        yield return line;
    }

    /// <summary>
    /// A comment of several lines, where the words that one has too many begin the next one, if it goes on.
    /// </summary>
    public static List<string> Fill(string[] lines, int width)
    {
        var filled = new List<string>();
        string carried = "";
        for (int index = 0; index < lines.Length; index++)
        {
            string line = carried + lines[index];
            carried = "";
            bool goesOn = index + 1 < lines.Length && lines[index + 1].Length > 0;
            int end = line.Length > width ? LastBlank(line, width) : -1;
            if (goesOn && end > 0)
            {
                filled.Add(line.Substring(0, end));
                carried = line.Substring(end + 1) + " ";
            }
            else
            {
                filled.Add(line);
            }
        }

        return filled;
    }

    private static int LastBlank(string line, int width) => line.LastIndexOf(' ', width);

    // Behind a comma or an arrow, before an operator, never within a quoted text.
    private static int LastJoint(string line, int width)
    {
        int last = -1;
        bool isQuoted = false;
        bool isEscaped = false;
        for (int index = 0; index < width; index++)
        {
            isQuoted ^= line[index] == '"' && !isEscaped;
            isEscaped = line[index] == '\\' && !isEscaped;
            bool isBehindComma = Ends(line, index, ",") && !Begins(line, index, " //");
            if (!isQuoted && (isBehindComma || Ends(line, index, "=>") || Begins(line, index, " or ")
                || Begins(line, index, " && ") || Begins(line, index, " ? ") || Begins(line, index, " : ")))
            {
                last = index;
            }
        }

        return last;
    }

    private static bool Ends(string line, int index, string joint) =>
        index >= joint.Length && line[index] == ' '
        && string.CompareOrdinal(line, index - joint.Length, joint, 0, joint.Length) == 0;

    private static bool Begins(string line, int index, string joint) =>
        string.CompareOrdinal(line, index, joint, 0, joint.Length) == 0;
}
