namespace Daemonproxy.Generators.Model;

/// <summary>A piece of a message's text: literal, or a placeholder when it has a name.</summary>
internal sealed record MessagePiece(string Literal, string? Placeholder, WireType? Type)
{
    public static MessagePiece Text(string literal) => new(literal, null, null);
}

/// <summary>
/// An <c>error</c>, or a text of a type, which is called <c>service.unknown</c>. Programs that use the client are
/// compiled with its number, which is not on the wire.
/// </summary>
internal sealed record ErrorModel(string Name, int Number, EquatableArray<MessagePiece> Pieces)
{
    /// <summary>True if values fill its text, so that it may have to be cut.</summary>
    public bool HasPlaceholders
    {
        get
        {
            foreach (MessagePiece piece in Pieces)
            {
                if (piece.Placeholder != null)
                {
                    return true;
                }
            }

            return false;
        }
    }
}

/// <summary>A <c>warning</c> or an <c>info</c>: a text that is sent as an event of that name.</summary>
internal sealed record NoticeModel(string Event, string Name, EquatableArray<MessagePiece> Pieces, int Longest);

/// <summary>All warnings, or all infos, with their documentation.</summary>
internal sealed record NoticesModel(string Event, EquatableArray<NoticeModel> Notices, Documentation Docs);

/// <summary>A message of the log: <c>log exiting info "daemonproxy exiting"</c>.</summary>
internal sealed record LogModel(string Name, string Level, EquatableArray<MessagePiece> Pieces);

/// <summary>All messages of the log, with their documentation.</summary>
internal sealed record LogsModel(EquatableArray<LogModel> Messages, Documentation Docs);

/// <summary>The error of a field; some contain the offending word.</summary>
internal sealed record ErrorReference(string Name, bool TakesWord);
