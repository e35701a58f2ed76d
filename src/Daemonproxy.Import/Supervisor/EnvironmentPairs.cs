using System;
using System.Collections.Generic;
using System.Text;

namespace Daemonproxy.Import.Supervisor;

/// <summary>The value of environment=: <c>KEY="val",OTHER=val2</c>.</summary>
internal static class EnvironmentPairs
{
    /// <summary>The variables, in order.</summary>
    /// <exception cref="FormatException">It is not of this form.</exception>
    public static List<(string Name, string Value)> Parse(string text)
    {
        List<(string, string)> pairs = [];
        int at = 0;
        while (true)
        {
            Skip(text, ref at);
            if (at == text.Length)
            {
                return pairs;
            }

            int equals = text.IndexOf('=', at);
            string name = equals < 0 ? "" : text[at..equals].Trim();
            if (name.Length == 0 || name.Contains(','))
            {
                throw new FormatException("it is not KEY=value,KEY=value");
            }

            at = equals + 1;
            pairs.Add((name, Value(text, ref at)));
        }
    }

    private static void Skip(string text, ref int at)
    {
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] == ','))
        {
            at++;
        }
    }

    private static string Value(string text, ref int at)
    {
        var value = new StringBuilder();
        while (at < text.Length && text[at] is not (',' or '\n'))
        {
            char one = text[at++];
            if (one is not ('"' or '\''))
            {
                value.Append(one);
                continue;
            }

            while (at < text.Length && text[at] != one)
            {
                bool isEscape = one == '"' && text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\';
                at += isEscape ? 1 : 0;
                value.Append(text[at++]);
            }

            if (at == text.Length)
            {
                throw new FormatException($"there is no closing {one}");
            }

            at++;
        }

        return value.ToString().Trim();
    }
}
