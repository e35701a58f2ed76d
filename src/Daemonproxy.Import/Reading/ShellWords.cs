using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Daemonproxy.Import.Reading;

/// <summary>Splits and quotes words as a POSIX shell does, without expansions.</summary>
internal static class ShellWords
{
    /// <summary>
    /// Splits a line: blanks are between words, apostrophes keep everything, quotation marks keep everything but
    /// <c>\\</c> and <c>\"</c>, and elsewhere a backslash keeps the next character.
    /// </summary>
    /// <exception cref="FormatException">A quotation does not end, or the text ends with a backslash.</exception>
    public static List<string> Split(string line)
    {
        List<string> words = [];
        var word = new StringBuilder();
        bool isOpen = false;
        char quote = '\0';
        for (int index = 0; index < line.Length; index++)
        {
            char one = line[index];
            if (quote != '\0')
            {
                if (one == quote)
                {
                    quote = '\0';
                }
                else if (one == '\\' && quote == '"' && index + 1 < line.Length && line[index + 1] is '"' or '\\')
                {
                    word.Append(line[++index]);
                }
                else
                {
                    word.Append(one);
                }
            }
            else if (char.IsWhiteSpace(one))
            {
                End();
            }
            else
            {
                isOpen = true;
                if (one is '\'' or '"')
                {
                    quote = one;
                }
                else if (one == '\\')
                {
                    index++;
                    word.Append(index < line.Length
                        ? line[index]
                        : throw new FormatException("nothing is behind the last backslash"));
                }
                else
                {
                    word.Append(one);
                }
            }
        }

        if (quote != '\0')
        {
            throw new FormatException($"there is no closing {quote}");
        }

        End();
        return words;

        void End()
        {
            if (isOpen)
            {
                words.Add(word.ToString());
                word.Clear();
                isOpen = false;
            }
        }
    }

    /// <summary>A word quoted for a shell where necessary.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(static one =>
            char.IsAsciiLetterOrDigit(one) || one is '/' or '.' or '-' or '_' or ',' or ':' or '=' or '@' or '%' or '+')
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
