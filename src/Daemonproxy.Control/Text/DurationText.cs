using System;
using System.Globalization;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Text;

/// <summary>Durations: one unit in output, seconds in input.</summary>
internal static class DurationText
{
    private const long Minute = 60;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    /// <summary><c>12 s</c>, <c>29 min</c>, <c>3 h</c>, <c>2 d</c>, and <c>under 1 s</c>.</summary>
    public static string Of(long seconds) => Durations.Text(seconds);

    /// <summary><c>after 12 s</c>, and <c>in under 1 s</c>.</summary>
    public static string After(long seconds) => Durations.After(seconds);

    /// <summary>
    /// A number with <c>s</c>, <c>m</c> or <c>min</c>, <c>h</c>, <c>d</c> or <c>ms</c>; seconds without.
    /// </summary>
    public static TimeSpan? Read(string text)
    {
        int digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
        {
            digits++;
        }

        double? unit = text[digits..].Trim() switch
        {
            "" or "s" => 1,
            "ms" => 0.001,
            "m" or "min" => Minute,
            "h" => Hour,
            "d" => Day,
            _ => null,
        };
        const double mostSeconds = 1e9;
        return unit is { } seconds
            && double.TryParse(
                text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
            && count * seconds <= mostSeconds
            ? TimeSpan.FromSeconds(count * seconds)
            : null;
    }
}
