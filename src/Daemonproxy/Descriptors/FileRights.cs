using System;

namespace Daemonproxy.Descriptors;

/// <summary>Mode and owner of a file that we make, if a command sets them: part of its flags.</summary>
internal readonly ref struct FileRights(long mode, ReadOnlySpan<byte> owner)
{
    /// <summary>The permissions; 0 where none are given.</summary>
    public ushort Mode { get; } = (ushort)mode;

    /// <summary>USER[:GROUP]; empty if absent.</summary>
    public ReadOnlySpan<byte> Owner { get; } = owner;

    /// <summary>
    /// True if an owner has the form that chown(1) takes: <c>USER</c>, <c>USER:GROUP</c>, <c>USER:</c> or
    /// <c>:GROUP</c>.
    /// </summary>
    public static bool IsOwner(ReadOnlySpan<byte> text)
    {
        int colon = text.IndexOf((byte)':');
        return colon < 0 || (text.Length > 1 && !text[(colon + 1)..].Contains((byte)':'));
    }
}
