using System;
using System.Text;

namespace Daemonproxy.Control.Top;

/// <summary>The kinds of keys.</summary>
internal enum KeyKind
{
    Character,
    Enter,
    Escape,
    Backspace,

    // From here to End: keys that move.
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Unknown,
}

/// <summary>A key; the character is that of <see cref="KeyKind.Character"/>.</summary>
internal readonly record struct Key(KeyKind Kind, char Character = '\0')
{
    private const byte EscapeByte = 0x1b;

    /// <summary>Reads the first key from the terminal's bytes; returns the number of its bytes.</summary>
    /// <remarks>
    /// Keys that are not characters are those of ECMA-48 and of xterm: ESC [ or ESC O, parameters, a letter or ~.
    /// </remarks>
    public static int Decode(ReadOnlySpan<byte> bytes, out Key key)
    {
        if (bytes[0] == EscapeByte)
        {
            return DecodeEscape(bytes, out key);
        }

        switch (bytes[0])
        {
            case (byte)'\r' or (byte)'\n':
                key = new Key(KeyKind.Enter);
                return 1;
            case 0x7f or 0x08:
                key = new Key(KeyKind.Backspace);
                return 1;
            case < 0x20:
                key = new Key(KeyKind.Unknown);
                return 1;
        }

        _ = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length);
        key = rune.IsBmp && rune.Value != 0xFFFD
            ? new Key(KeyKind.Character, (char)rune.Value)
            : new Key(KeyKind.Unknown);
        return length;
    }

    /// <summary>Returns true for an incomplete key sequence.</summary>
    public static bool IsPart(ReadOnlySpan<byte> bytes) =>
        bytes[0] == EscapeByte && (bytes.Length == 1 || (bytes[1] is (byte)'[' or (byte)'O' && FinalOf(bytes) < 0));

    private static int DecodeEscape(ReadOnlySpan<byte> bytes, out Key key)
    {
        if (bytes.Length == 1 || bytes[1] is not ((byte)'[' or (byte)'O'))
        {
            key = new Key(KeyKind.Escape);
            return 1;
        }

        int final = FinalOf(bytes);
        if (final < 0)
        {
            key = new Key(KeyKind.Unknown);
            return bytes.Length;
        }

        key = new Key(bytes[final] switch
        {
            (byte)'A' => KeyKind.Up,
            (byte)'B' => KeyKind.Down,
            (byte)'H' => KeyKind.Home,
            (byte)'F' => KeyKind.End,
            (byte)'~' => bytes[2..final] switch
            {
                [(byte)'1'] or [(byte)'7'] => KeyKind.Home,
                [(byte)'4'] or [(byte)'8'] => KeyKind.End,
                [(byte)'5'] => KeyKind.PageUp,
                [(byte)'6'] => KeyKind.PageDown,
                _ => KeyKind.Unknown,
            },
            _ => KeyKind.Unknown,
        });
        return final + 1;
    }

    // The index of the byte that ends such a sequence; -1 if it is missing.
    private static int FinalOf(ReadOnlySpan<byte> bytes)
    {
        int offset = bytes[2..].IndexOfAnyInRange((byte)0x40, (byte)0x7e);
        return offset < 0 ? -1 : offset + 2;
    }
}
