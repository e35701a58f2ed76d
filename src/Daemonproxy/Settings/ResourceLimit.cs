using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Settings;

/// <summary>
/// A word of <c>service.limits</c>: <c>RESOURCE=SOFT[:HARD]</c>. A resource is a name of setrlimit(2) in lower case
/// without <c>RLIMIT_</c>; a number can end in K, M or G, which are powers of 1024, or is <c>infinity</c>. SOFT alone
/// is both.
/// </summary>
/// <param name="Resource">The number of the resource.</param>
/// <param name="Soft">The soft limit.</param>
/// <param name="Hard">The hard limit, at least the soft one.</param>
internal readonly record struct ResourceLimit(int Resource, ulong Soft, ulong Hard)
{
    /// <summary>RLIM_INFINITY of setrlimit(2).</summary>
    public const ulong Infinity = ulong.MaxValue;

    public static bool TryParse(ReadOnlySpan<byte> word, out ResourceLimit limit)
    {
        limit = default;
        int equal = word.IndexOf((byte)'=');
        int resource = equal < 0 ? -1 : NumberOf(word[..equal]);
        ReadOnlySpan<byte> value = word[(equal + 1)..];
        int colon = value.IndexOf((byte)':');
        if (resource < 0 || !TryValue(colon < 0 ? value : value[..colon], out ulong soft))
        {
            return false;
        }

        ulong hard = soft;
        if (colon >= 0 && !TryValue(value[(colon + 1)..], out hard))
        {
            return false;
        }

        limit = new ResourceLimit(resource, soft, hard);
        return soft <= hard;
    }

    private static bool TryValue(ReadOnlySpan<byte> text, out ulong value)
    {
        value = Infinity;
        if (text.SequenceEqual("infinity"u8))
        {
            return true;
        }

        int shift = text.IsEmpty ? 0 : text[^1] switch
        {
            (byte)'K' => 10,
            (byte)'M' => 20,
            (byte)'G' => 30,
            _ => 0,
        };
        bool isNumber = ArgumentTypes.TryInteger(shift == 0 ? text : text[..^1], out long number)
            && number >= 0 && number <= long.MaxValue >> shift;
        value = (ulong)number << shift;
        return isNumber;
    }

    // asm-generic/resource.h, which x86 and arm64 share.
    private static int NumberOf(ReadOnlySpan<byte> name)
    {
        for (int resource = 0; resource <= 15; resource++)
        {
            if (NameOf(resource).SequenceEqual(name))
            {
                return resource;
            }
        }

        return -1;
    }

    private static ReadOnlySpan<byte> NameOf(int resource) => resource switch
    {
        0 => "cpu"u8,
        1 => "fsize"u8,
        2 => "data"u8,
        3 => "stack"u8,
        4 => "core"u8,
        5 => "rss"u8,
        6 => "nproc"u8,
        7 => "nofile"u8,
        8 => "memlock"u8,
        9 => "as"u8,
        10 => "locks"u8,
        11 => "sigpending"u8,
        12 => "msgqueue"u8,
        13 => "nice"u8,
        14 => "rtprio"u8,
        _ => "rttime"u8,
    };
}
