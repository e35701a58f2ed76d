using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Daemonproxy.Import.Supervisor;

/// <summary>
/// Replaces <c>%(name)s</c>, <c>%(name)02d</c> and <c>%%</c> as supervisord does. Variables of the environment,
/// <c>%(ENV_X)s</c>, are left to who asks.
/// </summary>
internal sealed partial class Expansion(IReadOnlyDictionary<string, string> values)
{
    /// <summary>The value with them replaced.</summary>
    /// <param name="value">The value.</param>
    /// <param name="variable">What stands for a variable of the environment; null if it cannot be said.</param>
    /// <exception cref="FormatException">A name is not known.</exception>
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

            Match match = Reference().Match(value, percent);
            if (!match.Success)
            {
                throw new FormatException("a % that means itself is written %%");
            }

            expanded.Append(ValueOf(match, variable));
            at = percent + match.Length;
        }

        return expanded.Append(value, at, value.Length - at).ToString();
    }

    private string ValueOf(Match match, Func<string, string?> variable)
    {
        string name = match.Groups[1].Value;
        if (name.StartsWith("ENV_", StringComparison.Ordinal))
        {
            return variable(name[4..]) ?? throw new FormatException($"the variable {name[4..]} is not set here");
        }

        string found = values.GetValueOrDefault(name) ?? throw new FormatException($"%({name})s is not known");
        string width = match.Groups[2].Value;
        if (match.Groups[3].Value != "d")
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

    [GeneratedRegex(@"\G%\(([^)]*)\)(\d*)([sd])")]
    private static partial Regex Reference();
}
