using System;
using System.Collections.Generic;
using System.Globalization;

namespace Daemonproxy.Import.Units;

/// <summary>Values of settings, systemd.syntax(7) and systemd.time(7).</summary>
internal static class UnitValue
{
    private static readonly Dictionary<string, long> _microseconds = new(StringComparer.Ordinal)
    {
        ["us"] = 1,
        ["usec"] = 1,
        ["ms"] = 1000,
        ["msec"] = 1000,
        [""] = 1_000_000,
        ["s"] = 1_000_000,
        ["sec"] = 1_000_000,
        ["second"] = 1_000_000,
        ["seconds"] = 1_000_000,
        ["m"] = 60_000_000,
        ["min"] = 60_000_000,
        ["minute"] = 60_000_000,
        ["minutes"] = 60_000_000,
        ["h"] = 3_600_000_000,
        ["hr"] = 3_600_000_000,
        ["hour"] = 3_600_000_000,
        ["hours"] = 3_600_000_000,
        ["d"] = 86_400_000_000,
        ["day"] = 86_400_000_000,
        ["days"] = 86_400_000_000,
        ["w"] = 604_800_000_000,
        ["week"] = 604_800_000_000,
        ["weeks"] = 604_800_000_000,
        ["M"] = 2_629_800_000_000,
        ["month"] = 2_629_800_000_000,
        ["months"] = 2_629_800_000_000,
        ["y"] = 31_557_600_000_000,
        ["year"] = 31_557_600_000_000,
        ["years"] = 31_557_600_000_000,
    };

    /// <summary>A boolean; null if the text is neither.</summary>
    public static bool? Flag(string value) => value.ToLowerInvariant() switch
    {
        "1" or "yes" or "y" or "true" or "t" or "on" => true,
        "0" or "no" or "n" or "false" or "f" or "off" => false,
        _ => null,
    };

    /// <summary>A duration in whole seconds, rounded up.</summary>
    /// <returns>Null if the text is not a duration; <see cref="long.MaxValue"/> for <c>infinity</c>.</returns>
    public static long? Seconds(string value)
    {
        if (value == "infinity")
        {
            return long.MaxValue;
        }

        decimal total = 0;
        int at = 0;
        while (at < value.Length)
        {
            int digits = at;
            while (at < value.Length && (char.IsAsciiDigit(value[at]) || value[at] == '.'))
            {
                at++;
            }

            if (!decimal.TryParse(
                value.AsSpan(digits, at - digits),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out decimal number))
            {
                return null;
            }

            SkipBlanks(value, ref at);
            int letters = at;
            while (at < value.Length && char.IsAsciiLetter(value[at]))
            {
                at++;
            }

            if (!_microseconds.TryGetValue(value[letters..at], out long unit) || number > 1_000_000_000)
            {
                return null;
            }

            total += number * unit;
            SkipBlanks(value, ref at);
        }

        decimal seconds = decimal.Ceiling(total / 1_000_000);
        return value.Length == 0 || seconds > int.MaxValue ? null : (long)seconds;
    }

    /// <summary>Bytes with a suffix K, M, G or T, powers of 1024; null if the text is not a size.</summary>
    public static long? Bytes(string value)
    {
        string digits = value.TrimEnd('K', 'M', 'G', 'T', 'P', 'E', 'B');
        int power = value.Length == digits.Length
            ? 0
            : "KMGTPE".IndexOf(value[digits.Length], StringComparison.Ordinal) + 1;
        if (!decimal.TryParse(
            digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
        {
            return null;
        }

        for (; power > 0; power--)
        {
            number *= 1024;
        }

        return number < long.MaxValue ? (long)number : null;
    }

    /// <summary>A signal by its name with <c>SIG</c>; null if it cannot stop a service.</summary>
    public static string? Signal(string value)
    {
        string name = value.Trim().ToUpperInvariant();
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            name = number switch
            {
                1 => "HUP",
                2 => "INT",
                3 => "QUIT",
                6 => "ABRT",
                9 => "KILL",
                10 => "USR1",
                12 => "USR2",
                14 => "ALRM",
                15 => "TERM",
                18 => "CONT",
                19 => "STOP",
                23 => "URG",
                28 => "WINCH",
                30 => "PWR",
                _ => "",
            };
        }

        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        bool isKnown = name is "HUP" or "INT" or "QUIT" or "ABRT" or "KILL" or "USR1" or "USR2" or "ALRM" or "TERM"
            or "CONT" or "STOP" or "URG" or "WINCH" or "PWR"
            || name.StartsWith("RTMIN", StringComparison.Ordinal)
            || name.StartsWith("RTMAX", StringComparison.Ordinal);
        return isKnown ? $"SIG{name}" : null;
    }

    private static void SkipBlanks(string value, ref int at)
    {
        while (at < value.Length && value[at] == ' ')
        {
            at++;
        }
    }
}
