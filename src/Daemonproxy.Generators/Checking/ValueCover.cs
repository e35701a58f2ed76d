using System;
using System.Collections.Generic;
using System.Globalization;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Checking;

/// <summary>Decides if a reader of one value accepts everything that is written for another.</summary>
internal sealed class ValueCover(SpecModel model)
{
    // The longest number, -9223372036854775808, and the longest signal, SIGSTKFLT.
    private const int Number = 20;
    private const int Signal = 9;

    public bool Accepts(ElementModel reader, ElementModel written) =>
        reader.Type == null
            ? written.Type == null && written.Text == reader.Text
            : written.Type == null ? Accepts(reader.Type, written.Text) : Accepts(reader.Type, written.Type);

    private bool Accepts(WireType reader, string literal) => reader.Kind switch
    {
        ValueKind.Text => true,
        ValueKind.Name => IsName(reader, literal),
        ValueKind.Enum => Words(reader).Contains(literal),
        ValueKind.Set or ValueKind.ValuedSet => Words(reader).IsSupersetOf(literal.Split(',')),
        ValueKind.Integer or ValueKind.Seconds or ValueKind.Instant => long.TryParse(
            literal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        _ => false,
    };

    private bool Accepts(WireType reader, WireType written) => reader.Kind switch
    {
        ValueKind.Text => true,
        ValueKind.Name => IsName(reader, written),
        ValueKind.Integer or ValueKind.Seconds or ValueKind.Instant =>
            IsLong(written.Kind) || IsInt(written.Kind),
        ValueKind.Pid or ValueKind.ExitCode => IsInt(written.Kind),
        ValueKind.Enum => written.Kind == ValueKind.Enum && Words(reader).IsSupersetOf(Words(written)),
        ValueKind.Set or ValueKind.ValuedSet =>
            written.Kind is ValueKind.Set or ValueKind.ValuedSet && Words(reader).IsSupersetOf(Words(written)),
        _ => reader.Kind == written.Kind,
    };

    private static bool IsLong(ValueKind kind) => kind is ValueKind.Integer or ValueKind.Seconds or ValueKind.Instant;

    private static bool IsInt(ValueKind kind) => kind is ValueKind.Pid or ValueKind.ExitCode;

    // Numbers, signals and most words have the form of a name too.
    private bool IsName(WireType reader, WireType written) => written.Kind switch
    {
        ValueKind.Name => Longest(written) <= Longest(reader),
        ValueKind.Enum => AreNames(reader, Words(written)),
        ValueKind.Signal => Signal <= Longest(reader),
        _ => (IsLong(written.Kind) || IsInt(written.Kind)) && Number <= Longest(reader),
    };

    private bool AreNames(WireType reader, HashSet<string> words)
    {
        foreach (string word in words)
        {
            if (!IsName(reader, word))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsName(WireType reader, string text)
    {
        foreach (char c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '.' or '_' or '-'))
            {
                return false;
            }
        }

        return text.Length > 0 && text.Length <= Longest(reader);
    }

    private int Longest(WireType type)
    {
        foreach (NameTypeModel name in model.Names)
        {
            if (name.Name == type.Declaration)
            {
                return name.Longest;
            }
        }

        return 0;
    }

    private HashSet<string> Words(WireType type)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (EnumModel @enum in model.Enums)
        {
            if (type.Kind == ValueKind.Enum && @enum.Name == type.Declaration)
            {
                words.UnionWith(@enum.Words);
            }
        }

        foreach (SetModel set in model.Sets)
        {
            if (type.Kind != ValueKind.Enum && set.Name == type.Declaration)
            {
                foreach (SetWordModel word in set.Words)
                {
                    words.Add(word.Name);
                }
            }
        }

        return words;
    }
}
