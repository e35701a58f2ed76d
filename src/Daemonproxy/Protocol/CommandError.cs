using System;

namespace Daemonproxy.Protocol;

/// <summary>
/// The failure of a command, as a value: an error of the spec, and the values of its placeholders. Made by the
/// generated
/// <see cref="Errors"/>; turned into text in one place, <see cref="Errors.Write"/>. The default value is "no error".
/// </summary>
internal readonly ref struct CommandError(ErrorId id, ReadOnlySpan<byte> text, long number, Errno reason)
{
    public ErrorId Id { get; } = id;

    /// <summary>The value of the text or name placeholder.</summary>
    public ReadOnlySpan<byte> Text { get; } = text;

    /// <summary>The value of the number placeholder.</summary>
    public long Number { get; } = number;

    /// <summary>The value of the errno placeholder.</summary>
    public Errno Reason { get; } = reason;

    /// <summary>The command was carried out.</summary>
    public static CommandError None => default;

    public bool IsNone => Id == ErrorId.None;
}
