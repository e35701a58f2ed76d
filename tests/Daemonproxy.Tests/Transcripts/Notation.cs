using System;
using System.Globalization;
using System.Text;

namespace Daemonproxy.Tests.Transcripts;

/// <summary>
/// The notation of bytes in a transcript: every byte that a person cannot see or type has a mark. Bytes are carried in
/// strings, one character each.
/// </summary>
internal static class Notation
{
    private const int LongestUnit = 12;
    private const int FewestRepeated = 40;
    private const int FewestTimes = 5;

    /// <summary>The bytes that a text of a transcript stands for.</summary>
    public static string Decode(string text)
    {
        StringBuilder bytes = new();
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            switch (c)
            {
                case '«':
                    int end = text.IndexOf('»', at);
                    int times = text.LastIndexOf('×', end);
                    string unit = Decode(text[(at + 1)..times]);
                    int count = int.Parse(text.AsSpan(times + 1, end - times - 1), CultureInfo.InvariantCulture);
                    bytes.Insert(bytes.Length, unit, count);
                    at = end;
                    break;
                case '‹':
                    bytes.Append((char)Convert.ToByte(text.Substring(at + 1, 2), 16));
                    at += 3;
                    break;
                default:
                    bytes.Append(BytesOf(c));
                    break;
            }
        }

        return bytes.ToString();
    }

    /// <summary>The notation of these bytes.</summary>
    public static string Encode(string bytes)
    {
        StringBuilder text = new();
        int at = 0;
        while (at < bytes.Length)
        {
            (int unit, int times) = RepetitionAt(bytes, at);
            if (times > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"«{Marks(bytes.AsSpan(at, unit))}×{times}»");
                at += unit * times;
            }
            else
            {
                text.Append(Mark(bytes[at++]));
            }
        }

        return text.ToString();
    }

    private static string BytesOf(char c) => c switch
    {
        '⇥' => "\t",
        '⏎' => "\n",
        '␍' => "\r",
        '␀' => "\0",
        _ => c < 128 ? c.ToString() : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(c.ToString())),
    };

    private static string Marks(ReadOnlySpan<char> bytes)
    {
        StringBuilder text = new();
        foreach (char c in bytes)
        {
            text.Append(Mark(c));
        }

        return text.ToString();
    }

    private static string Mark(char c) => c switch
    {
        '\t' => "⇥",
        '\n' => "⏎",
        '\r' => "␍",
        '\0' => "␀",
        < ' ' or > '~' => $"‹{(int)c:X2}›",
        _ => c.ToString(),
    };

    // The shortest unit that is repeated often enough here to be worth the marks.
    private static (int Unit, int Times) RepetitionAt(string bytes, int at)
    {
        for (int unit = 1; unit <= LongestUnit; unit++)
        {
            int same = at + unit;
            while (same < bytes.Length && bytes[same] == bytes[same - unit])
            {
                same++;
            }

            int times = (same - at) / unit;
            if (times >= FewestTimes && times * unit >= FewestRepeated)
            {
                return (unit, times);
            }
        }

        return (0, 0);
    }
}
