using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>The paths of the files of notify sockets.</summary>
internal static class NotifyPaths
{
    /// <summary>The digits of a name.</summary>
    public const int Digits = 16;

    /// <summary>The longest path, with its NUL.</summary>
    public const int MostPath = SocketAddress.LongestPath + 1;

    // Behind /run, or the directory of the user's session.
    private static ReadOnlySpan<byte> Directory => "/daemonproxy.notify"u8;

    /// <summary>
    /// The directory of the files, below a directory that only the user writes to. Empty where that is no absolute
    /// path, or leaves no room for names.
    /// </summary>
    public static ReadOnlySpan<byte> DirectoryBelow(ReadOnlySpan<byte> parent, Span<byte> room)
    {
        bool isAbsolute = !parent.IsEmpty && parent[0] == (byte)'/';
        if (!isAbsolute || parent.Length + Directory.Length + 1 + Digits > SocketAddress.LongestPath)
        {
            return default;
        }

        parent.CopyTo(room);
        Directory.CopyTo(room[parent.Length..]);
        return room[..(parent.Length + Directory.Length)];
    }

    /// <summary>Writes the name of a file: 16 hexadecimal digits.</summary>
    public static void Write(ref LineWriter text, ulong name)
    {
        for (int shift = 60; shift >= 0; shift -= 4)
        {
            text.Byte("0123456789abcdef"u8[(int)(name >> shift) & 0xF]);
        }
    }
}
