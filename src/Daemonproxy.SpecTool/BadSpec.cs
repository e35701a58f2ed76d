using System;
using System.Collections.Generic;
using System.Text;

namespace Daemonproxy.SpecTool;

/// <summary>
/// A spec with one fault, as it is written in specs/bad. Directly above the faulty line stands what is reported there:
/// <c>#! DP0110 [names] a list field must be the last</c>: the rule, in brackets the text that is underlined, and the
/// message. Such lines are taken out before the spec is read. <c>\t</c>, <c>\r</c> and <c>\b</c> in angle brackets
/// stand for a TAB, a CR and a blank at the end of a line, which an editor might remove, and <c>\u202e</c> for a
/// character that nobody sees. What stands above a line
/// <c>#! released</c> is the spec as it was released.
/// </summary>
/// <param name="Released">The released spec; null when there is none to compare with.</param>
/// <param name="Written">The faulty one, as it can be shown.</param>
/// <param name="Expected">The expected problems, each behind the number of its line.</param>
internal sealed record BadSpec(string? Released, string Written, string Expected)
{
    private const string ReleasedMark = "#! released\n";
    private const string Mark = "#! ";

    /// <summary>The faulty spec, as it is compiled.</summary>
    public string Text => Visible(Written);

    public static BadSpec Parse(string file)
    {
        int end = file.IndexOf(ReleasedMark, StringComparison.Ordinal);
        string? released = end < 0 ? null : file[..end];
        var spec = new List<string>();
        var reports = new StringBuilder();
        foreach (string line in (end < 0 ? file : file[(end + ReleasedMark.Length)..]).Split('\n'))
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                reports.Append($"{spec.Count + 1}: {Visible(line[Mark.Length..])}\n");
            }
            else
            {
                spec.Add(line);
            }
        }

        return new BadSpec(released, string.Join('\n', spec), reports.ToString());
    }

    private static string Visible(string line) => line
        .Replace("<\\t>", "\t", StringComparison.Ordinal)
        .Replace("<\\r>", "\r", StringComparison.Ordinal)
        .Replace("<\\b>", " ", StringComparison.Ordinal)
        .Replace("<\\a>", "\a", StringComparison.Ordinal)
        .Replace("<\\ufffd>", "\uFFFD", StringComparison.Ordinal)
        .Replace("<\\u202e>", "\u202E", StringComparison.Ordinal)
        .Replace("<\\u200b>", "\u200B", StringComparison.Ordinal)
        .Replace("<\\u00a0>", "\u00A0", StringComparison.Ordinal)
        .Replace("<\\u{e0041}>", "\U000E0041", StringComparison.Ordinal);
}
