using System;

namespace Daemonproxy.Image;

/// <summary>What an image must be before a byte of it is believed.</summary>
internal static unsafe class ImageCheck
{
    /// <summary>
    /// Why this is no image that this program can resume, or null. <paramref name="layout"/> says which regions there
    /// must be and how large their records are; how many there are, the image says.
    /// </summary>
    public static string? Header(StateImage image, long bytes, ImageLayout layout)
    {
        ref ImageHeader header = ref image.Header;
        if (header.Magic != ImageHeader.ExpectedMagic)
        {
            return "it is not an image of daemonproxy";
        }

        if (header.Layout != ImageHeader.CurrentLayout || header.HeaderBytes != sizeof(ImageHeader))
        {
            return "its layout is of another version";
        }

        if (header.TotalBytes != bytes)
        {
            return "its size is not what it says";
        }

        return Directory(ref header, layout.Regions);
    }

    private static string? Directory(ref ImageHeader header, ReadOnlySpan<RegionEntry> expected)
    {
        for (int id = 0; id < expected.Length; id++)
        {
            if (expected[id].Count == 0)
            {
                continue;
            }

            RegionEntry entry = header.Regions[id];
            bool inside = entry.Offset >= ImageLayout.PageBytes
                && entry.Offset % ImageLayout.PageBytes == 0
                && entry.ElementBytes > 0
                && entry.Count > 0
                && entry.Offset <= header.TotalBytes
                && (long)entry.ElementBytes * entry.Count <= header.TotalBytes - entry.Offset;
            if (!inside || entry.ElementBytes != expected[id].ElementBytes)
            {
                return "a region is not where it can be";
            }
        }

        return null;
    }
}
