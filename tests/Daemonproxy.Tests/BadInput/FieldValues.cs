using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Generators.Model;
using Daemonproxy.Tests.Support;

namespace Daemonproxy.Tests.BadInput;

/// <summary>
/// Something that stands in a field, or is missing there: null is "the line ends before it". With the error that the
/// spec promises for it, if it promises one; then the value is not of the field's type.
/// </summary>
internal sealed record FieldValue(string Label, string? Text, ErrorReference? Error);

/// <summary>
/// Values for a field of a command, made from its type alone: a good one, and everything that can be wrong with it. In
/// the notation of transcripts.
/// </summary>
internal static class FieldValues
{
    // Longer than any field may be that has a limit, short enough for a line.
    private const string Long = "«x×4000»";

    // Where the kernel has its own idea of what is good.
    private static readonly Dictionary<string, string> _paths = new()
    {
        ["chdir"] = "/run",
        ["socket.create"] = "/run/other",
        ["fd.socket"] = "/run/socket",
    };

    public static string Good(CommandModel command, FieldModel field) => field.Type switch
    {
        null => field.Literals.Count > 0 ? field.Literals[^1] : "rest⇥of it",
        { Kind: ValueKind.Name } type => NameOf(command, field, type),
        { Kind: ValueKind.Integer or ValueKind.Seconds } type => Number(Math.Max(type.Least ?? 1, 1)),
        { Kind: ValueKind.Instant } => "2000",
        { Kind: ValueKind.Signal } => "TERM",
        { Kind: ValueKind.Enum } type => Spec.Model.Enums.First(e => e.Name == type.Value.Declaration).Words[^1],
        { Kind: ValueKind.Set or ValueKind.ValuedSet } type =>
            SetOf(type).Words.LastOrDefault(word => word.Value is null or { Default: not null })?.Name
            ?? field.Literals[^1],
        _ => _paths.GetValueOrDefault(command.Name, "/data/a"),
    };

    /// <summary>Everything that can be wrong with it; what a list has is wrong in its second element.</summary>
    public static IEnumerable<FieldValue> Bad(CommandModel command, FieldModel field)
    {
        string before = field.Mark == FieldMark.List ? Good(command, field) + "⇥" : "";
        yield return new FieldValue("missing", null, field.Errors.Missing);
        yield return new FieldValue("empty", before, before.Length > 0 ? null : WhenEmpty(field));
        foreach (FieldValue value in field.Mark == FieldMark.Rest ? [] : OfWrongType(field))
        {
            yield return value with { Text = before + value.Text };
        }

        yield return new FieldValue("too long", before + Long, IsText(field) ? null : field.Errors.Malformed);
        yield return new FieldValue("with a NUL", before + Good(command, field) + "␀", new("nul-byte", false));
        yield return new FieldValue("endless", before + "«x×5000»", new("line-too-long", false));
    }

    private static bool IsText(FieldModel field) =>
        field.Mark == FieldMark.Rest || field.Type is { Kind: ValueKind.Text };

    private static ErrorReference? WhenEmpty(FieldModel field) => field.Type switch
    {
        _ when field.Literals.Contains("") || IsText(field) => null,
        { Kind: ValueKind.Set or ValueKind.ValuedSet } => null,
        _ => field.Errors.Empty ?? field.Errors.Malformed,
    };

    private static IEnumerable<FieldValue> OfWrongType(FieldModel field)
    {
        FieldErrors errors = field.Errors;
        return field.Type switch
        {
            null => [new("no such word", "nonsense", errors.Malformed)],
            { Kind: ValueKind.Name } type => OfName(type, errors),
            { Kind: ValueKind.Integer or ValueKind.Seconds } type => OfNumber(type, errors),
            { Kind: ValueKind.Instant } =>
            [
                new("no number", "soon", errors.Malformed), new("too high", "2147483648", errors.Malformed),
                new("too low", "-2147483648", errors.Malformed),
            ],
            { Kind: ValueKind.Signal } type => OfSignal(type, errors),
            { Kind: ValueKind.Enum } => [new("no such word", "nonsense", errors.Malformed)],
            { Kind: ValueKind.Set or ValueKind.ValuedSet } type => OfSet(type, errors),
            _ => [],
        };
    }

    private static IEnumerable<FieldValue> OfName(ArgumentModel type, FieldErrors errors)
    {
        yield return new FieldValue("no name", "no name", errors.Malformed);
        yield return new FieldValue("32 bytes", new string('n', 32), errors.Malformed);
        if (type.Use is NameUse.Existing or NameUse.Change)
        {
            yield return new FieldValue("unknown", "unknown", errors.Unknown);
        }

        if (type.Use is NameUse.Change or NameUse.Assign)
        {
            yield return new FieldValue("constant", "null", errors.Constant);
        }
    }

    private static IEnumerable<FieldValue> OfNumber(ArgumentModel type, FieldErrors errors)
    {
        foreach (string word in (string[])["x", "1x", "+1", "0x1", "1.5", " 1", "99999999999999999999"])
        {
            yield return new FieldValue("no number", word, errors.Malformed);
        }

        if (type.Least is long least)
        {
            yield return new FieldValue("too low", Number(least - 1), errors.Range);
        }

        if (type.Most is long most)
        {
            yield return new FieldValue("too high", Number(most + 1), errors.Range);
        }
    }

    private static IEnumerable<FieldValue> OfSignal(ArgumentModel type, FieldErrors errors)
    {
        yield return new FieldValue("no signal", "NONE", errors.Malformed);
        yield return new FieldValue("no signal", "term", errors.Malformed);
        yield return new FieldValue("no signal", "-1", errors.Malformed);
        yield return new FieldValue("no number", "9x", errors.Range);
        yield return new FieldValue("too high", "65536", errors.Range);
        if (type.MustBeCounted)
        {
            yield return new FieldValue("not counted", "KILL", errors.Malformed);
        }
    }

    private static IEnumerable<FieldValue> OfSet(ArgumentModel type, FieldErrors errors)
    {
        SetModel set = SetOf(type);
        yield return new FieldValue("no such word", "nonsense", errors.Malformed);
        if (set.Words.FirstOrDefault(word => word.Value is null or { Default: not null }) is { } good)
        {
            yield return new FieldValue("no such word", $"{good.Name},nonsense", errors.Malformed);
        }

        yield return new FieldValue("no such word", set.Words[0].Name.ToUpperInvariant(), errors.Malformed);
        foreach (SetWordModel word in set.Words.Where(word => word.Value is not null))
        {
            SetValueModel value = word.Value!;
            foreach ((string label, string text) in WrongValues(value))
            {
                yield return new FieldValue(label, $"{word.Name}={text}", value.Error);
            }

            if (value.Default is null)
            {
                yield return new FieldValue("no value", word.Name, value.Error);
            }
        }
    }

    private static IEnumerable<(string Label, string Text)> WrongValues(SetValueModel value) => value.Kind switch
    {
        SetValueKind.Integer =>
            [("no number", "x"), ("too low", Number(value.Least - 1)), ("too high", Number(value.Most + 1))],
        SetValueKind.Octal =>
            [("no number", "x"), ("not octal", "8"), ("negative", "-1"), ("too high", value.Notation(value.Most + 1))],
        _ => [("too short", new string('x', (int)value.Least - 1)), ("too long", new string('x', (int)value.Most + 1))],
    };

    private static SetModel SetOf(ArgumentModel type) =>
        Spec.Model.Sets.First(set => set.Name == type.Value.Declaration);

    // Of two names, the second is another one.
    private static string NameOf(CommandModel command, FieldModel field, ArgumentModel type)
    {
        bool isSecond = field != command.Fields.First(other => other.Type?.Value == type.Value);
        return isSecond ? "other"
            : type.Use == NameUse.Create ? "new"
            : type.Value.Declaration == "service" ? "known"
            : "log";
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
