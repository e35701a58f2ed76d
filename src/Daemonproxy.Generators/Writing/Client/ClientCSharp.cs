using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>The C# of the parts of a spec, in the client.</summary>
internal static class ClientCSharp
{
    /// <summary>The event that is a line as it is, without a name.</summary>
    public const string Raw = "raw";

    /// <summary>The C# type of a value that is received or sent.</summary>
    public static string TypeOf(WireType type) => type.Kind switch
    {
        ValueKind.Text => "string",
        ValueKind.Integer => "long",
        ValueKind.ExitCode or ValueKind.Pid or ValueKind.Errno => "int",
        ValueKind.Name => InClient + TypeIdentifiers.Name(type.Declaration),
        ValueKind.Enum => EnumType(type.Declaration),
        ValueKind.Set => InClient + TypeIdentifiers.Set(type.Declaration),
        ValueKind.ValuedSet => InClient + TypeIdentifiers.ValuedSet(type.Declaration),
        _ => InClient + type.Kind,
    };

    /// <summary>The C# enum of an <c>enum</c>, in full.</summary>
    public static string EnumType(string @enum) => InClient + TypeIdentifiers.Enum(@enum);

    /// <summary>The class that knows the words of an enum or a set.</summary>
    public static string WordsOf(WireType type) => type.Kind == ValueKind.Enum
        ? InClient + TypeIdentifiers.EnumWords(type.Declaration)
        : InClient + TypeIdentifiers.SetWords(type.Declaration);

    /// <summary>The method that reads one value.</summary>
    public static string ParserOf(WireType type) => type.Kind switch
    {
        ValueKind.Integer => $"{WireNumber}.TryParse",
        ValueKind.ExitCode or ValueKind.Pid or ValueKind.Errno => $"{WireNumber}.TryParseInt",
        ValueKind.Enum => WordsOf(type) + ".TryParse",
        _ => TypeOf(type) + ".TryParse",
    };

    /// <summary>The member of the kinds of errors for one of them.</summary>
    public static string ErrorMember(string error) => Identifiers.EnumMember(Identifiers.Pascal(error), "Other");

    /// <summary>The expression for the text of a value on the wire; null where it has no value.</summary>
    public static string TextOf(ArgumentModel type, string value, string parameter)
    {
        string number = type.Kind is ValueKind.Seconds or ValueKind.Instant ? value + ".Value" : value;
        return type.Kind switch
        {
            ValueKind.Text => value,
            ValueKind.Name or ValueKind.Signal => value + ".Text",
            ValueKind.Enum => WordsOf(type.Value) + ".Word(" + value + ")",
            ValueKind.Set => WordsOf(type.Value) + ".Text(" + value + ")",
            ValueKind.ValuedSet => WordsOf(type.Value) + ".Text(" + value + ", nameof(" + parameter + "))",
            _ when type.HasRange => $"{WireNumber}.Text(" + number + ", " + Bound(type.Least, "long.MinValue") + ", "
                + Bound(type.Most, "long.MaxValue") + ", nameof(" + parameter + "))",
            _ => $"{WireNumber}.Text(" + number + ")",
        };
    }

    private static string Bound(long? bound, string none) => bound is { } number ? CSharp.Number(number) : none;
}
