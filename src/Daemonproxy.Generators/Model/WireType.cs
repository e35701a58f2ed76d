namespace Daemonproxy.Generators.Model;

/// <summary>What a value is, on the wire and in C#.</summary>
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

    /// <summary>How many records, and how large each may be.</summary>
    Pool,
}

/// <summary>A kind of value and, for names, enums and sets, the declaration it comes from.</summary>
internal sealed record WireType(ValueKind Kind, string Declaration)
{
    /// <summary>Whether it is a set with words that have texts, which are spans of the line.</summary>
    public bool HasTexts { get; init; }

    public static WireType Of(ValueKind kind) => new(kind, "");
}
