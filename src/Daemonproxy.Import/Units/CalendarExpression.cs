using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Daemonproxy.Import.Units;

/// <summary>Calendar events of systemd.time(7) as the five fields of crontab(5).</summary>
internal static class CalendarExpression
{
    private static readonly string[] _days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>Five fields; null if the event cannot be expressed.</summary>
    public static string? ToCron(string expression)
    {
        if (Shorthand(expression.Trim().ToLowerInvariant()) is { } known)
        {
            return known;
        }

        string days = "*";
        string date = "*-*-*";
        string time = "00:00:00";
        foreach (string word in expression.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (char.IsAsciiLetter(word[0]))
            {
                if (Days(word) is not { } found)
                {
                    return null;
                }

                days = found;
            }
            else if (word.Contains(':', StringComparison.Ordinal))
            {
                time = word;
            }
            else
            {
                date = word;
            }
        }

        return Fields(days, date, time);
    }

    private static string? Fields(string days, string date, string time)
    {
        string[] parts = date.Split('-');
        parts = parts.Length == 2 ? ["*", .. parts] : parts;
        string[] clock = time.Split(':');
        if (parts.Length != 3 || parts[0] != "*" || clock.Length is < 2 or > 3
            || (clock.Length == 3 && clock[2].Trim('0').Length > 0))
        {
            return null;
        }

        string? minute = Field(clock[1], 0, 59);
        string? hour = Field(clock[0], 0, 23);
        string? day = Field(parts[2], 1, 31);
        string? month = Field(parts[1], 1, 12);
        return minute is null || hour is null || day is null || month is null
            ? null
            : $"{minute} {hour} {day} {month} {days}";
    }

    // Values, ranges with two dots and steps, separated by commas.
    private static string? Field(string text, int least, int most)
    {
        List<string> fields = [];
        foreach (string item in text.Split(','))
        {
            string[] step = item.Split('/');
            string[] range = step[0].Split("..");
            if (step.Length > 2 || range.Length > 2)
            {
                return null;
            }

            string values;
            if (step[0] == "*")
            {
                values = "*";
            }
            else if (Number(range[0], least, most) is { } first
                && (range.Length == 1 || Number(range[1], least, most) is not null))
            {
                values = range.Length == 2
                    ? string.Create(CultureInfo.InvariantCulture, $"{first}-{Number(range[1], least, most)}")
                    : step.Length == 2
                        ? string.Create(CultureInfo.InvariantCulture, $"{first}-{most}")
                        : string.Create(CultureInfo.InvariantCulture, $"{first}");
            }
            else
            {
                return null;
            }

            if (step.Length == 2 && Number(step[1], 1, most) is null)
            {
                return null;
            }

            fields.Add(step.Length == 2 ? $"{values}/{Number(step[1], 1, most)}" : values);
        }

        return string.Join(',', fields);
    }

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= least && number <= most
            ? number
            : null;

    private static string? Days(string word)
    {
        List<string> fields = [];
        foreach (string item in word.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int[] range = [.. item.Split("..").Select(Day)];
            if (range.Length is 0 or > 2 || range.Contains(-1))
            {
                return null;
            }

            // cron's week begins with Sunday, which is 7 at the end of a range.
            fields.Add(range.Length == 1
                ? string.Create(CultureInfo.InvariantCulture, $"{range[0]}")
                : string.Create(CultureInfo.InvariantCulture, $"{range[0]}-{(range[1] == 0 ? 7 : range[1])}"));
        }

        return fields.Count == 0 ? null : string.Join(',', fields);
    }

    private static int Day(string name) => name.Length < 3
        ? -1
        : Array.FindIndex(_days, day => name.StartsWith(day, StringComparison.OrdinalIgnoreCase));

    private static string? Shorthand(string word) => word switch
    {
        "minutely" => "* * * * *",
        "hourly" => "0 * * * *",
        "daily" => "0 0 * * *",
        "weekly" => "0 0 * * 1",
        "monthly" => "0 0 1 * *",
        "quarterly" => "0 0 1 1,4,7,10 *",
        "semiannually" => "0 0 1 1,7 *",
        "yearly" or "annually" => "0 0 1 1 *",
        _ => null,
    };
}
