using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>
/// Brings an image of an earlier release into the shape of this one: records that have become longer, and regions that
/// have come. What is new in them is zero, which has to mean what an earlier release would have done.
/// </summary>
internal static unsafe class ImageMigration
{
    /// <summary>Whether an image, which was checked, is of an earlier release.</summary>
    public static bool IsNeeded(StateImage image, ImageLayout layout)
    {
        bool isNeeded = image.Header.HeaderBytes < sizeof(ImageHeader);
        for (int id = 0; id < RegionDirectory.Capacity; id++)
        {
            RegionEntry entry = image.Entry((RegionId)id);
            RegionEntry wanted = layout.Regions[id];
            isNeeded |= entry.ElementBytes < wanted.ElementBytes || (entry.Count == 0 && wanted.Count > 0);
        }

        return isNeeded;
    }

    /// <summary>
    /// A new image, with what is in the old one, which is not changed: should this crash, it is begun anew. Why there
    /// is none, or null.
    /// </summary>
    public static string? TryMigrate(SystemCalls kernel, StateImage old, ImageLayout layout, out StateImage? image)
    {
        ImageLayout wanted = new();
        for (int id = 0; id < RegionDirectory.Capacity; id++)
        {
            RegionEntry entry = old.Entry((RegionId)id);
            int count = entry.Count == 0 ? layout.Regions[id].Count : entry.Count;
            if (count > 0)
            {
                wanted.Add((RegionId)id, layout.Regions[id].ElementBytes, count);
            }
        }

        bool isThere = StateImage.TryCreate(kernel, wanted, out image) == Errno.None && !image!.Fd.IsNone;
        for (int id = 0; isThere && id < RegionDirectory.Capacity; id++)
        {
            isThere = TryCopy(old, image!, (RegionId)id);
        }

        if (!isThere)
        {
            image = null;
            return "there is no memory for it";
        }

        CopyHeader(old, image!);
        kernel.SurviveCrashes(image!.CrashNote, image.Fd);
        return null;
    }

    private static bool TryCopy(StateImage old, StateImage image, RegionId id)
    {
        RegionEntry from = old.Entry(id);
        RegionEntry to = image.Entry(id);
        if (from.Count == 0)
        {
            return true;
        }

        long end = old.EndOfData(from.Offset, (long)from.Count * from.ElementBytes);
        int count = (int)((end - from.Offset + from.ElementBytes - 1) / from.ElementBytes);
        if (count > 0 && image.Reserve(to.Offset, (long)count * to.ElementBytes) != Errno.None)
        {
            return false;
        }

        for (int index = 0; index < count; index++)
        {
            byte* source = old.At(from.Offset + ((long)index * from.ElementBytes));
            byte* target = image.At(to.Offset + ((long)index * to.ElementBytes));
            Buffer.MemoryCopy(source, target, to.ElementBytes, from.ElementBytes);
        }

        return true;
    }

    // All but what says where things are.
    private static void CopyHeader(StateImage old, StateImage image)
    {
        ref ImageHeader from = ref old.Header;
        ref ImageHeader to = ref image.Header;
        ulong checksum = to.Checksum;
        long settled = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref from.Changing) - old.At(0);
        Buffer.MemoryCopy(
            old.At(settled), image.At(settled), ImageLayout.PageBytes - settled, from.HeaderBytes - settled);
        to.Checksum = checksum;
    }
}
