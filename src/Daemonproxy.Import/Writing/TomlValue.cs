using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Daemonproxy.Import.Writing;

/// <summary>Values of TOML, as a person would write them.</summary>
internal static class TomlValue
{
    /// <summary>A text; in apostrophes if that saves escapes.</summary>
    public static string Quote(string text)
    {
        bool hasControl = text.Any(char.IsControl);
        if (!hasControl && text.Any(static one => one is '"' or '\\') && !text.Contains('\''))
        {
            return $"'{text}'";
        }

        var quoted = new StringBuilder("\"");
        foreach (char one in text)
        {
            quoted.Append(one switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                _ when char.IsControl(one) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)one:x4}"),
                _ => one.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>An array of texts.</summary>
    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quote))}]";

    /// <summary>A key, with quotes where it needs them.</summary>
    public static string Key(string key) =>
        key.Length > 0 && key.All(static one => char.IsAsciiLetterOrDigit(one) || one is '_' or '-') ? key : Quote(key);

    /// <summary>A table on one line.</summary>
    /// <param name="pairs">Its keys, and their values in TOML.</param>
    public static string Table(IEnumerable<(string Key, string Value)> pairs) =>
        $"{{ {string.Join(", ", pairs.Select(static pair => $"{Key(pair.Key)} = {pair.Value}"))} }}";

    /// <summary>A duration, in the largest unit without a fraction.</summary>
    public static string Duration(long seconds) => Quote(seconds switch
    {
        > 0 when seconds % 86_400 == 0 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400}d"),
        > 0 when seconds % 3600 == 0 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}h"),
        > 0 when seconds % 60 == 0 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds}s"),
    });

    /// <summary>A text that can stand in a comment: no control characters, and a limited length.</summary>
    public static string Comment(string text)
    {
        const int most = 300;
        var visible = new StringBuilder(text.Length);
        foreach (Rune one in text.EnumerateRunes())
        {
            if (visible.Length >= most)
            {
                return visible.Append('~').ToString();
            }

            visible.Append(one.Value is '\n' or '\t' or '\r' ? " " : Rune.IsControl(one) ? "?" : one.ToString());
        }

        return visible.ToString();
    }
}
