using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>
/// Opens an image and brings one of an earlier release into the format of this one: longer records, new regions, and
/// the blocks of texts of layout 1. New fields are zero, which has to mean what the earlier release would have done.
/// </summary>
internal static unsafe class ImageMigration
{
    /// <summary>
    /// The image of a descriptor, or a copy of it, in the format of this release; or the reason of a failure.
    /// </summary>
    public static string? TryOpen(
        SystemCalls kernel, FdNumber fd, ImageLayout layout, bool isCopy, out StateImage? image)
    {
        string? reason = StateImage.TryOpen(kernel, fd, layout, isCopy, out image);
        return reason is null && IsNeeded(image!, layout) ? TryMigrate(kernel, image!, layout, out image) : reason;
    }

    /// <summary>The number of records of a region up to the last one that was ever written.</summary>
    public static int CountWritten(StateImage image, RegionId id)
    {
        RegionEntry entry = image.Entry(id);
        long end = image.EndOfData(entry.Offset, (long)entry.Count * entry.ElementBytes);
        return (int)Math.Min(entry.Count, (end - entry.Offset + entry.ElementBytes - 1) / entry.ElementBytes);
    }

    private static bool IsNeeded(StateImage image, ImageLayout layout)
    {
        bool isNeeded = image.Header.Layout < ImageHeader.CurrentLayout
            || image.Header.HeaderBytes < sizeof(ImageHeader);
        for (int id = 0; id < RegionDirectory.Capacity; id++)
        {
            RegionEntry entry = image.Entry((RegionId)id);
            RegionEntry wanted = layout.Regions[id];
            isNeeded |= entry.ElementBytes < wanted.ElementBytes || (entry.Count == 0 && wanted.Count > 0);
        }

        return isNeeded;
    }

    // Makes a new image and changes nothing in the old one: after a crash in here the migration begins anew.
    private static string? TryMigrate(SystemCalls kernel, StateImage old, ImageLayout layout, out StateImage? image)
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

        bool isRewriting = old.Header.Layout < ImageHeader.TaggedTexts;
        bool isThere = StateImage.TryCreate(kernel, wanted, out image) == Errno.None && !image!.Fd.IsNone;
        for (int id = 0; isThere && id < RegionDirectory.Capacity; id++)
        {
            bool isRewritten = isRewriting && ((RegionId)id is RegionId.ServiceText or RegionId.FdText);
            isThere = isRewritten || TryCopy(old, image!, (RegionId)id);
        }

        isThere = isThere && (!isRewriting || TextMigration.TryRun(old, image!));

        if (!isThere)
        {
            image = null;
            return "there is no memory for it";
        }

        CopyHeader(old, image!);
        kernel.SurviveCrashes(image!.CrashNote, image.SavedLimits, image.Fd);
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

        int count = CountWritten(old, id);
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

    // All fields except the directory of regions.
    private static void CopyHeader(StateImage old, StateImage image)
    {
        ref ImageHeader from = ref old.Header;
        ref ImageHeader to = ref image.Header;
        ulong checksum = to.Checksum;
        long settled = (byte*)old.ChangingNote - old.At(0);
        Buffer.MemoryCopy(
            old.At(settled), image.At(settled), ImageLayout.PageBytes - settled, from.HeaderBytes - settled);
        to.Checksum = checksum;
    }
}
