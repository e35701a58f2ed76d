using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>The variables of sd_notify(3), and the files of notify sockets.</summary>
internal static class NotifyNames
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
    public static void Write(ref EventLine text, ulong name)
    {
        for (int shift = 60; shift >= 0; shift -= 4)
        {
            text.Byte("0123456789abcdef"u8[(int)(name >> shift) & 0xF]);
        }
    }

    /// <summary>
    /// True if a variable is meant for the process that got it from its supervisor, and for no other: sd_notify(3),
    /// sd_watchdog_enabled(3).
    /// </summary>
    public static bool IsVariable(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("NOTIFY_SOCKET"u8) || name.SequenceEqual("WATCHDOG_USEC"u8)
        || name.SequenceEqual("WATCHDOG_PID"u8);

    /// <summary>The same for sd_listen_fds(3).</summary>
    public static bool IsListenVariable(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("LISTEN_FDS"u8) || name.SequenceEqual("LISTEN_PID"u8)
        || name.SequenceEqual("LISTEN_FDNAMES"u8);
}
