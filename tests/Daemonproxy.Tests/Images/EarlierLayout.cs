using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Daemonproxy.State;
using Daemonproxy.Tests.Simulation;

namespace Daemonproxy.Tests.Images;

/// <summary>Makes an image look as if another release had made it.</summary>
internal static unsafe class EarlierLayout
{
    private const int PageBytes = 4096;

    /// <summary>
    /// Takes a region away, and so many bytes off the end of each record of another; adds them when there are fewer
    /// than none.
    /// </summary>
    public static void Apply(SimKernel kernel, RegionId missing, RegionId changed, int cut)
    {
        ref ImageHeader header = ref Unsafe.As<byte, ImageHeader>(ref kernel.ImageBytes(0, PageBytes)[0]);
        ImageLayout layout = new();
        for (int id = 0; id < RegionDirectory.Capacity; id++)
        {
            RegionEntry entry = header.Regions[id];
            if (entry.Count > 0 && id != (int)missing)
            {
                layout.Add((RegionId)id, entry.ElementBytes - (id == (int)changed ? cut : 0), entry.Count);
            }
        }

        byte[] image = new byte[layout.TotalBytes];
        kernel.ImageBytes(0, PageBytes).CopyTo(image);
        for (int id = 0; id < RegionDirectory.Capacity; id++)
        {
            Copy(kernel, header.Regions[id], layout.Regions[id], image);
        }

        ref ImageHeader made = ref Unsafe.As<byte, ImageHeader>(ref image[0]);
        layout.Regions.CopyTo(made.Regions);
        made.TotalBytes = layout.TotalBytes;
        made.HeaderBytes = ImageHeader.FirstBytes;
        made.Checksum = ImageCheck.Checksum(ref made);
        List<(int Page, byte[] Bytes)> pages = [];
        for (int page = 0; page < image.Length / PageBytes; page++)
        {
            byte[] bytes = image[(page * PageBytes)..((page + 1) * PageBytes)];
            if (System.MemoryExtensions.ContainsAnyExcept<byte>(bytes, 0))
            {
                pages.Add((page, bytes));
            }
        }

        kernel.ReplaceImage(layout.TotalBytes, pages);
    }

    private static void Copy(SimKernel kernel, RegionEntry from, RegionEntry to, byte[] image)
    {
        for (int index = 0; index < to.Count; index++)
        {
            int bytes = System.Math.Min(from.ElementBytes, to.ElementBytes);
            long source = from.Offset + ((long)index * from.ElementBytes);
            long target = to.Offset + ((long)index * to.ElementBytes);
            kernel.ImageBytes(source, bytes).CopyTo(new System.Span<byte>(image, (int)target, bytes));
        }
    }
}
