using System;
using Daemonproxy.Kernel;

namespace Daemonproxy.Settings;

/// <summary>
/// A word of <c>service.mounts</c>: <c>ro=PATH</c>, <c>rw=PATH</c>, <c>tmp=PATH</c>, <c>hide=PATH</c>,
/// <c>bind=FROM:TO</c> or <c>dev</c>. A path begins with a slash and has no <c>.</c>, no <c>..</c> and no empty part;
/// a <c>-</c> before it allows it to be missing. The root can only be <c>ro</c> and <c>rw</c>.
/// </summary>
internal readonly ref struct MountWord
{
    public MountKind Kind { get; private init; }

    /// <summary>True if nothing is done where a path is missing.</summary>
    public bool MayBeMissing { get; private init; }

    /// <summary>The place.</summary>
    public ReadOnlySpan<byte> Path { get; private init; }

    /// <summary>For <c>bind</c>: the source.</summary>
    public ReadOnlySpan<byte> From { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> word, out MountWord mount)
    {
        mount = default;
        if (word.SequenceEqual("dev"u8))
        {
            mount = new MountWord { Kind = MountKind.Devices, Path = "/dev"u8 };
            return true;
        }

        int equal = word.IndexOf((byte)'=');
        MountKind kind = equal < 0 ? MountKind.None : Find(word[..equal]);
        ReadOnlySpan<byte> value = word[(equal + 1)..];
        bool mayBeMissing = value.StartsWith("-"u8);
        ReadOnlySpan<byte> path = mayBeMissing ? value[1..] : value;
        ReadOnlySpan<byte> from = default;
        if (kind == MountKind.Bind)
        {
            int colon = path.IndexOf((byte)':');
            from = colon < 0 ? default : path[..colon];
            path = path[(colon + 1)..];
        }

        bool mayBeRoot = kind is MountKind.ReadOnly or MountKind.ReadWrite;
        bool isValid = kind != MountKind.None && IsPath(path) && (mayBeRoot || path.Length > 1)
            && (kind != MountKind.Bind || IsPath(from));
        mount = new MountWord { Kind = kind, MayBeMissing = mayBeMissing, Path = path, From = from };
        return isValid;
    }

    private static MountKind Find(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("ro"u8) ? MountKind.ReadOnly
        : name.SequenceEqual("rw"u8) ? MountKind.ReadWrite
        : name.SequenceEqual("tmp"u8) ? MountKind.Empty
        : name.SequenceEqual("hide"u8) ? MountKind.Hidden
        : name.SequenceEqual("bind"u8) ? MountKind.Bind
        : MountKind.None;

    // So that a longer path is one that lies deeper.
    private static bool IsPath(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path[0] != (byte)'/')
        {
            return false;
        }

        while (path.Length > 1)
        {
            path = path[1..];
            int slash = path.IndexOf((byte)'/');
            ReadOnlySpan<byte> part = slash < 0 ? path : path[..slash];
            if (part.IsEmpty || part.SequenceEqual("."u8) || part.SequenceEqual(".."u8))
            {
                return false;
            }

            path = slash < 0 ? default : path[slash..];
            if (path.Length == 1)
            {
                return false;
            }
        }

        return true;
    }
}
