using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Daemonproxy.Import.Units;

/// <summary>
/// Splits values into words, systemd.syntax(7): blanks are between them, both kinds of quotes keep blanks, and escapes
/// as in C are replaced everywhere.
/// </summary>
internal static class UnitWords
{
    /// <summary>The words of a value.</summary>
    /// <exception cref="FormatException">A quotation does not end.</exception>
    public static List<string> Split(string value)
    {
        List<string> words = [];
        var word = new StringBuilder();
        bool isOpen = false;
        char quote = '\0';
        int index = 0;
        while (index < value.Length)
        {
            char one = value[index];
            if (one == '\\' && index + 1 < value.Length)
            {
                isOpen = true;
                index = Escape(value, index, word);
                continue;
            }

            index++;
            if (quote != '\0' && one == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && one is '"' or '\'')
            {
                quote = one;
                isOpen = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(one))
            {
                Add(words, word, ref isOpen);
            }
            else
            {
                word.Append(one);
                isOpen = true;
            }
        }

        if (quote != '\0')
        {
            throw new FormatException($"there is no closing {quote}");
        }

        Add(words, word, ref isOpen);
        return words;
    }

    private static void Add(List<string> words, StringBuilder word, ref bool isOpen)
    {
        if (isOpen)
        {
            words.Add(word.ToString());
            word.Clear();
            isOpen = false;
        }
    }

    // An unknown escape stays unchanged.
    private static int Escape(string value, int index, StringBuilder word)
    {
        char kind = value[index + 1];
        (int digits, int radix) = kind switch
        {
            'x' => (2, 16),
            'u' => (4, 16),
            'U' => (8, 16),
            >= '0' and <= '7' => (3, 8),
            _ => (0, 0),
        };
        if (digits > 0)
        {
            int start = radix == 8 ? index + 1 : index + 2;
            if (start + digits <= value.Length && Number(value.AsSpan(start, digits), radix) is { } code
                && Rune.TryCreate(code, out Rune rune) && code != 0)
            {
                word.Append(rune.ToString());
                return start + digits;
            }
        }

        string? plain = kind switch
        {
            'a' => "\a",
            'b' => "\b",
            'f' => "\f",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'v' => "\v",
            's' => " ",
            '\\' or '"' or '\'' => kind.ToString(),
            _ => null,
        };
        word.Append(plain ?? value.Substring(index, 2));
        return index + 2;
    }

    private static int? Number(ReadOnlySpan<char> digits, int radix)
    {
        if (radix == 16)
        {
            return int.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int hex) ? hex : null;
        }

        int number = 0;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7')
            {
                return null;
            }

            number = (number * 8) + digit - '0';
        }

        return number;
    }
}
