using System;
using System.Globalization;

namespace Daemonproxy.Manager.Texts;

/// <summary>Durations in output and input for people.</summary>
public static class Durations
{
    /// <summary>A duration with one unit: <c>12 s</c>, <c>29 min</c>, <c>3 h</c>, <c>2 d</c>.</summary>
    /// <param name="seconds">Its length.</param>
    public static string Text(long seconds) => seconds switch
    {
        < 1 => "under 1 s",
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} min"),
        < 86_400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400} d"),
    };

    /// <summary><c>after 12 s</c>, and <c>in under 1 s</c>.</summary>
    /// <param name="seconds">Its length.</param>
    public static string After(long seconds) => seconds < 1 ? "in under 1 s" : $"after {Text(seconds)}";

    /// <summary>
    /// Reads whole seconds: a number with <c>s</c>, <c>m</c> or <c>min</c>, <c>h</c>, <c>d</c> or <c>w</c>, or
    /// several of them: <c>1h 30m</c>. A number alone is seconds.
    /// </summary>
    public static bool TryParse(string text, out long seconds)
    {
        seconds = 0;
        int at = 0;
        while (at < text.Length)
        {
            int digits = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            if (
                !long.TryParse(
                    text.AsSpan(digits, at - digits), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                || number > int.MaxValue)
            {
                return false;
            }

            int letters = at;
            while (at < text.Length && char.IsAsciiLetter(text[at]))
            {
                at++;
            }

            long unit = text[letters..at] switch
            {
                "s" or "sec" => 1,
                "" => digits == 0 && at == text.Length ? 1 : 0,
                "m" or "min" => 60,
                "h" => 3600,
                "d" => 86_400,
                "w" => 604_800,
                _ => 0,
            };
            if (unit == 0)
            {
                return false;
            }

            seconds += number * unit;
            while (at < text.Length && text[at] == ' ')
            {
                at++;
            }
        }

        return text.Length > 0 && seconds <= int.MaxValue;
    }
}
