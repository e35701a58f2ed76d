namespace Daemonproxy.Generators.Model;

/// <summary>The type of a value, on the wire and in C#.</summary>
internal enum ValueKind
{
    Text,
    Name,
    Integer,
    Seconds,
    Instant,
    Signal,
    Pid,
    ExitCode,
    Errno,
    Enum,
    Set,

    /// <summary>A set with words that have values.</summary>
    ValuedSet,

    /// <summary>The bounds of the number of records and of their sizes.</summary>
    Pool,
}

/// <summary>A kind of value and, for names, enums and sets, the declaration it comes from.</summary>
internal sealed record WireType(ValueKind Kind, string Declaration)
{
    /// <summary>True if it is a set with words that have texts, which are spans of the line.</summary>
    public bool HasTexts { get; init; }

    public static WireType Of(ValueKind kind) => new(kind, "");
}
