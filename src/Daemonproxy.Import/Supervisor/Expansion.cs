using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Daemonproxy.Import.Supervisor;

/// <summary>
/// Replaces <c>%(name)s</c>, <c>%(name)02d</c> and <c>%%</c> as supervisord does. Variables of the environment,
/// <c>%(ENV_X)s</c>, are resolved by the caller.
/// </summary>
internal sealed class Expansion(IReadOnlyDictionary<string, string> values)
{
    /// <summary>Returns the value with these replaced.</summary>
    /// <param name="value">The value.</param>
    /// <param name="variable">Returns the replacement of a variable of the environment; null if there is none.</param>
    /// <exception cref="FormatException">A name is unknown.</exception>
    public string Expand(string value, Func<string, string?> variable)
    {
        var expanded = new StringBuilder();
        int at = 0;
        while (at < value.Length)
        {
            int percent = value.IndexOf('%', at);
            if (percent < 0)
            {
                break;
            }

            expanded.Append(value, at, percent - at);
            if (value.AsSpan(percent) is ['%', '%', ..])
            {
                expanded.Append('%');
                at = percent + 2;
                continue;
            }

            (string name, string width, char form, at) = Reference(value, percent);
            expanded.Append(ValueOf(name, width, form, variable));
        }

        return expanded.Append(value, at, value.Length - at).ToString();
    }

    // %(NAME)WIDTHs or %(NAME)WIDTHd, and its end.
    private static (string Name, string Width, char Form, int End) Reference(string value, int percent)
    {
        int close = value.AsSpan(percent) is ['%', '(', ..] ? value.IndexOf(')', percent) : -1;
        int end = close + 1;
        while (close > 0 && end < value.Length && char.IsAsciiDigit(value[end]))
        {
            end++;
        }

        return close > 0 && end < value.Length && value[end] is 's' or 'd'
            ? (value[(percent + 2)..close], value[(close + 1)..end], value[end], end + 1)
            : throw new FormatException("a % that means itself is written %%");
    }

    private string ValueOf(string name, string width, char form, Func<string, string?> variable)
    {
        if (name.StartsWith("ENV_", StringComparison.Ordinal))
        {
            return variable(name[4..]) ?? throw new FormatException($"the variable {name[4..]} is not set here");
        }

        string found = values.GetValueOrDefault(name) ?? throw new FormatException($"%({name})s is not known");
        if (form != 'd')
        {
            return found;
        }

        if (!long.TryParse(found, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            throw new FormatException($"%({name})d is not a number");
        }

        string digits = number.ToString(CultureInfo.InvariantCulture);
        int length = int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out int most)
            ? int.Min(most, 99)
            : 0;
        return digits.PadLeft(length, width.StartsWith('0') ? '0' : ' ');
    }
}
