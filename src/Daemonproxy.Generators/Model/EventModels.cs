namespace Daemonproxy.Generators.Model;

/// <summary>An event: one line, or one for each case.</summary>
internal sealed record EventModel(string Name, EquatableArray<EventLineModel> Lines, LifecycleModel Lifecycle);

/// <summary>One line that the daemon may send, with its worst case in bytes, LF included.</summary>
internal sealed record EventLineModel(
    string Name, string? Case, string Notation, EquatableArray<EventPiece> Pieces, int Longest);

/// <summary>The form of a piece of an event line.</summary>
internal enum PieceKind
{
    Literal,
    Value,

    /// <summary>A name, or the literal when the name is empty.</summary>
    NameOrLiteral,

    /// <summary>Flags and a comma, or nothing when there are none.</summary>
    FlagsThenComma,

    /// <summary>A comma and flags, or nothing when there are none.</summary>
    CommaThenFlags,
}

/// <summary>
/// A piece of an event line; <see cref="Parameter"/> is the name of the field that it is, which may be all fields that
/// are left.
/// </summary>
internal sealed record EventPiece(
    PieceKind Kind, string Literal, string Parameter, WireType? Type, bool IsRest = false)
{
    public static EventPiece Text(string literal) => new(PieceKind.Literal, literal, "", null);
}
