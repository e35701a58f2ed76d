using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Daemonproxy.Manager.Tags;

/// <summary>
/// The value of a tag with several entries: words with blanks between them, each <c>KEY</c> or <c>KEY=VALUE
///</c>. In a value, blanks, control characters and <c>%</c> are written as <c>%</c> and the hexadecimal number of
/// each byte (UTF-8).
/// </summary>
internal static class TagWords
{
    /// <summary>The value of the tag that begins with <c>KEY=</c>; null if there is none.</summary>
    public static string? Find(IEnumerable<string> tags, string key)
    {
        foreach (string tag in tags)
        {
            if (tag.Length > key.Length && tag[key.Length] == '=' && tag.StartsWith(key, StringComparison.Ordinal))
            {
                return tag[(key.Length + 1)..];
            }
        }

        return null;
    }

    /// <summary>The words of a value, in order. A word without a value has an empty one.</summary>
    public static IEnumerable<(string Key, string Value)> Split(string text)
    {
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            yield return equals < 0 ? (word, "") : (word[..equals], Unescape(word[(equals + 1)..]));
        }
    }

    /// <summary>Appends a word, unless its value is empty.</summary>
    public static void Append(StringBuilder text, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            AppendFlag(text, key, isSet: true);
            text.Append('=').Append(Escape(value));
        }
    }

    /// <summary>Appends a word with a number, unless that is zero.</summary>
    public static void Append(StringBuilder text, string key, long value)
    {
        if (value != 0)
        {
            Append(text, key, value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Appends a word without a value, if it is set.</summary>
    public static void AppendFlag(StringBuilder text, string key, bool isSet)
    {
        if (isSet)
        {
            text.Append(text.Length > 0 ? " " : "").Append(key);
        }
    }

    /// <summary>The number of a text; 0 if the text is not a number.</summary>
    public static long Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : 0;

    private static string Escape(string value)
    {
        if (!value.AsSpan().ContainsAnyInRange('\0', ' ') && !value.Contains('%', StringComparison.Ordinal))
        {
            return value;
        }

        var text = new StringBuilder();
        foreach (byte one in Encoding.UTF8.GetBytes(value))
        {
            text.Append(one is <= (byte)' ' or (byte)'%' or 0x7F
                ? string.Create(CultureInfo.InvariantCulture, $"%{one:X2}")
                : ((char)one).ToString());
        }

        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text.ToString()));
    }

    private static string Unescape(string text) => text.Contains('%', StringComparison.Ordinal)
        ? Uri.UnescapeDataString(text)
        : text;
}
