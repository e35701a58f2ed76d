using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>How things of the spec are written in the C# of the client.</summary>
internal static class ClientCSharp
{
    /// <summary>Where generated code of the client lives.</summary>
    public const string Namespace = "Daemonproxy.Client";

    /// <summary>The event that is a line as it is, without a name.</summary>
    public const string Raw = "raw";

    /// <summary>The C# type of a value that is received or sent.</summary>
    public static string TypeOf(WireType type) => type.Kind switch
    {
        ValueKind.Text => "string",
        ValueKind.Integer => "long",
        ValueKind.ExitCode or ValueKind.Pid or ValueKind.Errno => "int",
        ValueKind.Name => NameType(type.Declaration),
        ValueKind.Enum => Identifiers.Pascal(type.Declaration),
        ValueKind.Set => CSharp.SetName(type.Declaration),
        ValueKind.ValuedSet => Identifiers.Pascal(type.Declaration) + "Set",
        _ => type.Kind.ToString(),
    };

    /// <summary>A name of the type <c>service</c> is a <c>ServiceName</c>.</summary>
    public static string NameType(string type) => Identifiers.Pascal(type) + "Name";

    /// <summary>The class that knows the words of an enum or a set.</summary>
    public static string WordsOf(WireType type) => type.Kind == ValueKind.Enum
        ? Identifiers.Pascal(type.Declaration) + "Words"
        : CSharp.SetName(type.Declaration) + "Words";

    /// <summary>The method that reads one value.</summary>
    public static string ParserOf(WireType type) => type.Kind switch
    {
        ValueKind.Integer => "WireNumber.TryParse",
        ValueKind.ExitCode or ValueKind.Pid or ValueKind.Errno => "WireNumber.TryParseInt",
        ValueKind.Enum => WordsOf(type) + ".TryParse",
        _ => TypeOf(type) + ".TryParse",
    };

    /// <summary>The record of an event or of one of its cases.</summary>
    public static string EventType(string name) => Identifiers.Pascal(name) + "Event";

    /// <summary>What a value looks like on the wire, an expression; null where it has no value.</summary>
    public static string TextOf(ArgumentModel type, string value, string parameter)
    {
        string number = type.Kind is ValueKind.Seconds or ValueKind.Instant ? value + ".Value" : value;
        return type.Kind switch
        {
            ValueKind.Text => value,
            ValueKind.Name or ValueKind.Signal => value + ".Text",
            ValueKind.Enum or ValueKind.Set or ValueKind.ValuedSet => WordsOf(type.Value) + ".Text(" + value + ")",
            _ when type.HasRange => "WireNumber.Text(" + number + ", " + Bound(type.Least, "long.MinValue") + ", "
                + Bound(type.Most, "long.MaxValue") + ", nameof(" + parameter + "))",
            _ => "WireNumber.Text(" + number + ")",
        };
    }

    private static string Bound(long? bound, string none) => bound is { } number ? CSharp.Number(number) : none;
}
