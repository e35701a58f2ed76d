using System;
using System.Collections.Generic;
using System.Text;

namespace Daemonproxy.Manager.Files;

/// <summary>A variable in a file, or another line.</summary>
/// <param name="Line">The number of its first line, from 1.</param>
/// <param name="Name">Its name; empty if the line has none.</param>
/// <param name="Value">Its value; null for a line without <c>=</c>.</param>
internal readonly record struct EnvironmentEntry(int Line, string Name, string? Value)
{
    /// <summary>True for a variable; systemd ignores other lines.</summary>
    public bool IsVariable => Name.Length > 0 && Value is not null;
}

/// <summary>
/// Files of variables in the format of EnvironmentFile=, systemd.exec(5): quotes, escapes, values over several lines,
/// and comments after <c>#</c> and <c>;</c>. A shell's <c>export</c> in front of a name is left out.
/// </summary>
internal static class EnvironmentText
{
    /// <summary>The variables, the last value of each; other lines are left out.</summary>
    public static OrderedDictionary<string, string> Variables(string text)
    {
        OrderedDictionary<string, string> variables = [];
        foreach (EnvironmentEntry entry in Parse(text))
        {
            if (entry.IsVariable)
            {
                variables[entry.Name] = entry.Value!;
            }
        }

        return variables;
    }

    /// <summary>The content of the file, in order.</summary>
    public static List<EnvironmentEntry> Parse(string text)
    {
        List<EnvironmentEntry> entries = [];
        int at = 0;
        int line = 1;
        int counted = 0;
        while (true)
        {
            while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r')
            {
                at++;
            }

            if (at == text.Length)
            {
                return entries;
            }

            if (text[at] is '#' or ';')
            {
                SkipLine(text, ref at);
                continue;
            }

            line += text.AsSpan(counted, at - counted).Count('\n');
            counted = at;
            int start = at;
            while (at < text.Length && text[at] is not ('=' or '\n'))
            {
                at++;
            }

            string name = text[start..at].Trim();
            name = name.StartsWith("export ", StringComparison.Ordinal) ? name[7..].Trim() : name;
            bool hasValue = at < text.Length && text[at++] == '=';
            entries.Add(new EnvironmentEntry(line, name, hasValue ? Value(text, ref at) : null));
        }
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
