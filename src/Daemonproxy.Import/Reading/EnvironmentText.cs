using System;
using System.Collections.Generic;
using System.Text;

namespace Daemonproxy.Import.Reading;

/// <summary>
/// Files of variables as systemd.exec(5), EnvironmentFile=, has them: quotes, escapes, values over several lines.
/// </summary>
internal static class EnvironmentText
{
    /// <summary>The variables, the last value of each.</summary>
    public static OrderedDictionary<string, string> Parse(string text)
    {
        OrderedDictionary<string, string> variables = [];
        int at = 0;
        while (at < text.Length)
        {
            int start = at;
            while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r')
            {
                start = ++at;
            }

            if (at == text.Length)
            {
                break;
            }

            if (text[at] is '#' or ';')
            {
                SkipLine(text, ref at);
                continue;
            }

            while (at < text.Length && text[at] is not ('=' or '\n'))
            {
                at++;
            }

            string name = text[start..at].Trim();
            name = name.StartsWith("export ", StringComparison.Ordinal) ? name[7..].Trim() : name;
            if (at == text.Length || text[at] == '\n')
            {
                continue;
            }

            at++;
            variables[name] = Value(text, ref at);
        }

        return variables;
    }

    private static string Value(string text, ref int at)
    {
        var value = new StringBuilder();
        int kept = 0;
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        while (at < text.Length && text[at] != '\n')
        {
            char one = text[at++];
            if (one == '\'')
            {
                while (at < text.Length && text[at] != '\'')
                {
                    value.Append(text[at++]);
                }

                at++;
                kept = value.Length;
            }
            else if (one == '"')
            {
                Quoted(text, ref at, value);
                kept = value.Length;
            }
            else if (one == '\\' && at < text.Length)
            {
                char next = text[at++];
                if (next != '\n')
                {
                    value.Append(next);
                    kept = value.Length;
                }
            }
            else
            {
                value.Append(one);
                kept = char.IsWhiteSpace(one) ? kept : value.Length;
            }
        }

        // Blanks at the end count only in quotes.
        at = int.Min(at, text.Length);
        return value.ToString(0, kept);
    }

    private static void Quoted(string text, ref int at, StringBuilder value)
    {
        while (at < text.Length && text[at] != '"')
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
                if (text[at] is not ('"' or '\\' or '`' or '$' or '\n'))
                {
                    value.Append('\\');
                }

                if (text[at] != '\n')
                {
                    value.Append(text[at]);
                }

                at++;
            }
            else
            {
                value.Append(text[at++]);
            }
        }

        at++;
    }

    private static void SkipLine(string text, ref int at)
    {
        while (at < text.Length && text[at] != '\n')
        {
            at++;
        }
    }
}
