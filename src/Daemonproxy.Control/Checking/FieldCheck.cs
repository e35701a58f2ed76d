using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Daemonproxy.Client;
using Daemonproxy.Control.Kernel;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Checking;

/// <summary>
/// A mistake in the text of a field, with its position and similar words.
/// </summary>
/// <param name="Message">The mistake, in one sentence.</param>
/// <param name="At">The first character of the mistake.</param>
/// <param name="Length">Its length in characters.</param>
internal sealed record FieldFault(string Message, int At, int Length);

/// <summary>Checks texts by the types of the protocol.</summary>
internal sealed class FieldCheck(ProtocolTable table)
{
    /// <summary>Returns the mistake of a field; null if there is none.</summary>
    public FieldFault? Check(FieldForm field, string text)
    {
        if (field.Literals.Contains(text) || field.ToleratesMalformed)
        {
            return null;
        }

        if (field.Prefixes.FirstOrDefault(before => text.StartsWith(before, StringComparison.Ordinal)) is { } prefix)
        {
            return FdName.TryParse(text[prefix.Length..], out _)
                ? null
                : Whole(text, table.ErrorText("fd.invalid"));
        }

        return field.Type switch
        {
            "name" => IsName(text) ? null : Whole(text, ErrorOf(field, "invalid")),
            "integer" or "seconds" => CheckNumber(field, text),
            "instant" => long.TryParse(text, CultureInfo.InvariantCulture, out _)
                ? null
                : Whole(text, ErrorOf(field, "timestamp")),
            "signal" => IsSignal(text) ? null : Unknown(field, text, SignalNumbers.Names),
            "enum" => table.WordsOfEnum(field.Of).Contains(text)
                ? null
                : Unknown(field, text, table.WordsOfEnum(field.Of)),
            "set" => CheckSet(field, text),
            "" => field.Literals.Length == 0 ? null : Unknown(field, text, field.Literals),
            _ => null,
        };
    }

    private static bool IsName(string text) => ServiceName.TryParse(text, out _);

    private static bool IsSignal(string text)
    {
        const int mostNumber = 65535;
        return int.TryParse(text, CultureInfo.InvariantCulture, out int number)
            ? number is >= 0 and <= mostNumber
            : SignalNumbers.Of(text.StartsWith("SIG", StringComparison.Ordinal) ? text : $"SIG{text}") > 0;
    }

    private FieldFault? CheckNumber(FieldForm field, string text)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            return Whole(text, ErrorOf(field, "integer"));
        }

        return number < (field.Least ?? long.MinValue) || number > (field.Most ?? long.MaxValue)
            ? Whole(text, $"{table.ErrorText(field.Errors[^1])}: {field.Least ?? 0} to {field.Most}")
            : null;
    }

    private FieldFault? CheckSet(FieldForm field, string text)
    {
        Dictionary<string, JsonElement> words = table.WordsOfSet(field.Of);
        int at = 0;
        foreach (string word in text.Split(','))
        {
            string[] parts = word.Split('=', 2);
            if (word.Length > 0 && !words.ContainsKey(parts[0]))
            {
                string near = Suggestion.For(parts[0], words.Keys);
                return new FieldFault($"unknown word '{VisibleText.Of(parts[0])}'{near}", at, word.Length);
            }

            if (word.Length > 0 && words[parts[0]].TryGetProperty("value", out JsonElement value)
                && parts.Length > 1 && !IsValue(value, parts[1]))
            {
                string error = value.TryGetProperty("error", out JsonElement name)
                    ? table.ErrorText(name.GetString()!)
                    : "invalid value";
                return new FieldFault(error, at, word.Length);
            }

            at += word.Length + 1;
        }

        return null;
    }

    private static bool IsValue(JsonElement value, string text)
    {
        string type = value.TryGetProperty("type", out JsonElement named) ? named.GetString()! : "integer";
        long least = value.TryGetProperty("least", out JsonElement low) ? low.GetInt64() : long.MinValue;
        long most = value.TryGetProperty("most", out JsonElement high) ? high.GetInt64() : long.MaxValue;
        try
        {
            long size = type switch
            {
                "octal" => Convert.ToInt64(text, 8),
                "integer" => long.Parse(text, CultureInfo.InvariantCulture),
                _ => System.Text.Encoding.UTF8.GetByteCount(text),
            };
            return size >= least && size <= most;
        }
        catch (Exception problem) when (problem is FormatException or OverflowException or ArgumentException)
        {
            return false;
        }
    }

    private FieldFault Unknown(FieldForm field, string text, IEnumerable<string> words)
    {
        string[] all = [.. words, .. field.Literals];
        return Whole(text, $"{ErrorOf(field, "bad")}{Suggestion.For(text, all)}");
    }

    // The error of a field with that word in its name; the last one is the most specific.
    private string ErrorOf(FieldForm field, string word)
    {
        string? name = field.Errors.FirstOrDefault(error => error.Contains(word, StringComparison.Ordinal))
            ?? field.Errors.LastOrDefault();
        return name is null ? "not valid" : table.ErrorText(name);
    }

    private static FieldFault Whole(string text, string message) => new(message, 0, Math.Max(1, text.Length));
}
