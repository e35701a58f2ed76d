using System;
using System.Text;

namespace Daemonproxy.Import.Compose;

/// <summary>
/// Replaces variables in the values of a compose file: <c>$NAME</c>, <c>${NAME}</c>, with <c>:-</c> or <c>-</c> and a
/// default, <c>:?</c> or <c>?</c> and an error, <c>:+</c> or <c>+</c> and another value; <c>$$</c> is a dollar.
/// </summary>
/// <param name="variable">The value of a variable; null if it is not set.</param>
/// <param name="unset">Receives each variable that is not set and has no default.</param>
internal sealed class Interpolation(Func<string, string?> variable, Action<string> unset)
{
    private const int MostDepth = 20;

    /// <summary>The text with its variables replaced.</summary>
    /// <exception cref="FormatException">The text is not valid, or a required variable is not set.</exception>
    public string Apply(string text) => Apply(text, 0);

    private string Apply(string text, int depth)
    {
        if (depth > MostDepth)
        {
            throw new FormatException($"more than {MostDepth} variables in each other");
        }

        var result = new StringBuilder();
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '$' || at + 1 == text.Length)
            {
                result.Append(text[at]);
                continue;
            }

            char next = text[at + 1];
            if (next == '$')
            {
                result.Append('$');
                at++;
            }
            else if (next == '{')
            {
                int end = EndOf(text, at + 2);
                result.Append(Braced(text[(at + 2)..end], depth));
                at = end;
            }
            else
            {
                int length = NameLength(text, at + 1);
                result.Append(length == 0 ? "$" : ValueOf(text.Substring(at + 1, length)));
                at += length;
            }
        }

        return result.ToString();
    }

    private string Braced(string inner, int depth)
    {
        int length = NameLength(inner, 0);
        string name = inner[..length];
        string rest = inner[length..];
        if (length == 0)
        {
            throw new FormatException($"${{{inner}}} names no variable");
        }

        if (rest.Length == 0)
        {
            return ValueOf(name);
        }

        bool countsEmpty = rest[0] == ':';
        string form = countsEmpty ? rest[1..] : rest;
        string? value = variable(name);
        bool isSet = value is not null && (!countsEmpty || value.Length > 0);
        return form.Length == 0 ? throw new FormatException($"${{{inner}}} is not understood") : form[0] switch
        {
            '-' => isSet ? value! : Apply(form[1..], depth + 1),
            '+' => isSet ? Apply(form[1..], depth + 1) : "",
            '?' => isSet ? value! : throw new FormatException($"the variable {name} must be set: {form[1..]}"),
            _ => throw new FormatException($"${{{inner}}} is not understood"),
        };
    }

    private string ValueOf(string name)
    {
        if (variable(name) is { } value)
        {
            return value;
        }

        unset(name);
        return "";
    }

    private static int EndOf(string text, int start)
    {
        int depth = 1;
        for (int at = start; at < text.Length; at++)
        {
            depth += text[at] == '}' ? -1 : text.AsSpan(at) is ['$', '{', ..] ? 1 : 0;
            if (depth == 0)
            {
                return at;
            }
        }

        throw new FormatException("there is no closing }");
    }

    private static int NameLength(string text, int start)
    {
        int length = 0;
        while (start + length < text.Length && (char.IsAsciiLetter(text[start + length])
            || text[start + length] == '_' || (length > 0 && char.IsAsciiDigit(text[start + length]))))
        {
            length++;
        }

        return length;
    }
}
