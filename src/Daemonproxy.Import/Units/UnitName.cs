using System;
using System.Globalization;
using System.Text;

namespace Daemonproxy.Import.Units;

/// <summary>The name of a unit: <c>PREFIX[@INSTANCE].SUFFIX</c>.</summary>
/// <param name="Prefix">The part before <c>@</c>, or before the suffix.</param>
/// <param name="Instance">
/// The part between <c>@</c> and the suffix; empty for a template; null without <c>@</c>.
/// </param>
/// <param name="Suffix">The kind of unit: <c>service</c>.</param>
internal sealed record UnitName(string Prefix, string? Instance, string Suffix)
{
    public bool IsTemplate => Instance is "";

    /// <summary>The whole name.</summary>
    public string Text => $"{Base}.{Suffix}";

    /// <summary>The name without the suffix.</summary>
    public string Base => Instance is null ? Prefix : $"{Prefix}@{Instance}";

    /// <summary>The file of its template; null if it is not an instance.</summary>
    public string? Template => Instance is { Length: > 0 } ? $"{Prefix}@.{Suffix}" : null;

    public static UnitName Parse(string name)
    {
        int dot = name.LastIndexOf('.');
        string suffix = dot < 0 ? "service" : name[(dot + 1)..];
        string rest = dot < 0 ? name : name[..dot];
        int at = rest.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? new UnitName(rest, null, suffix) : new UnitName(rest[..at], rest[(at + 1)..], suffix);
    }

    /// <summary>
    /// Undoes the escapes of systemd.unit(5): <c>-</c> is a slash, <c>\x2d</c> the character of that code.
    /// </summary>
    public static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (int index = 0; index < text.Length; index++)
        {
            if (text[index] == '-')
            {
                plain.Append('/');
            }
            else if (text.AsSpan(index) is ['\\', 'x', _, _, ..]
                && byte.TryParse(
                    text.AsSpan(index + 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out byte code))
            {
                plain.Append((char)code);
                index += 3;
            }
            else
            {
                plain.Append(text[index]);
            }
        }

        return plain.ToString();
    }
}
