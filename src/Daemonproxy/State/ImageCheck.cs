using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>The checks of an image before any of its data are used.</summary>
internal static unsafe class ImageCheck
{
    /// <summary>FNV-1a, 64 bits: the offset basis and the prime.</summary>
    private const ulong Basis = 0xCBF2_9CE4_8422_2325;
    private const ulong Prime = 0x0000_0100_0000_01B3;

    /// <summary>
    /// The reason why this program cannot resume the image, or null. <paramref name="layout"/> has the current regions
    /// and the sizes of their records: those of an earlier release may be fewer and shorter. The numbers of records are
    /// those of the image.
    /// </summary>
    public static string? Header(StateImage image, long bytes, ImageLayout layout)
    {
        ref ImageHeader header = ref image.Header;
        if (header.Magic != ImageHeader.ExpectedMagic)
        {
            return "it is not an image of daemonproxy";
        }

        if (header.Layout is < ImageHeader.FirstLayout or > ImageHeader.CurrentLayout
            || header.HeaderBytes < ImageHeader.FirstBytes || header.HeaderBytes > sizeof(ImageHeader))
        {
            return "its layout is of another version";
        }

        if (header.TotalBytes != bytes)
        {
            return "its size is not the size in its header";
        }

        if (header.Checksum != Checksum(ref header))
        {
            return "the checksum of its header is wrong";
        }

        return Directory(ref header, layout.Regions);
    }

    /// <summary>Of the fixed part of an image, from its start to its directory of regions.</summary>
    public static ulong Checksum(ref ImageHeader header)
    {
        byte* first = (byte*)Unsafe.AsPointer(ref header);
        byte* end = (byte*)Unsafe.AsPointer(ref header.Changing);
        ulong sum = Basis;
        while (first < end)
        {
            sum = (sum ^ *first++) * Prime;
        }

        return sum;
    }

    private static string? Directory(ref ImageHeader header, ReadOnlySpan<RegionEntry> expected)
    {
        long end = ImageLayout.PageBytes;
        for (int id = 0; id < RegionDirectory.Capacity; id++)
        {
            RegionEntry entry = header.Regions[id];
            if (entry.Count == 0)
            {
                continue;
            }

            // One after the other: the numbers of regions and their places rise together.
            bool isInside = entry.Offset >= end
                && entry.Offset % ImageLayout.PageBytes == 0
                && entry.ElementBytes > 0
                && entry.Count > 0
                && entry.Offset <= header.TotalBytes
                && (long)entry.ElementBytes * entry.Count <= header.TotalBytes - entry.Offset;
            if (!isInside)
            {
                return "a region is outside of it";
            }

            if (entry.ElementBytes > expected[id].ElementBytes)
            {
                return "it is of a later version";
            }

            end = entry.Offset + ((long)entry.ElementBytes * entry.Count);
        }

        return AreCountsSound(ref header) ? null : "its regions do not fit each other";
    }

    private static bool AreCountsSound(ref ImageHeader header)
    {
        int connections = header.Regions[(int)RegionId.Connections].Count;
        return connections is > 0 and <= Limits.MostControllers
            && header.Regions[(int)RegionId.Inboxes].Count == connections
            && header.Regions[(int)RegionId.Outboxes].Count == connections
            && header.Regions[(int)RegionId.Services].Count is > 0 and <= Limits.Services
            && header.Regions[(int)RegionId.Fds].Count is > 0 and <= Limits.Fds
            && header.Regions[(int)RegionId.ServiceText].Count > 1
            && header.Regions[(int)RegionId.FdText].Count > 1
            && header.Regions[(int)RegionId.Signals].Count > Protocol.Signal.Highest;
    }
}
