using System;

namespace Daemonproxy.State;

/// <summary>The layout of an image: regions are added one after the other, each on a page of its own.</summary>
internal sealed class ImageLayout
{
    /// <summary>
    /// Regions begin at multiples of this many bytes: the page size of every machine we build for, so that a page is
    /// touched only when a record on it is.
    /// </summary>
    public const int PageBytes = 4096;

    private readonly RegionEntry[] _regions = new RegionEntry[RegionDirectory.Capacity];

    /// <summary>The size of an image that has these regions.</summary>
    public long TotalBytes { get; private set; } = PageBytes;

    public ReadOnlySpan<RegionEntry> Regions => _regions;

    /// <summary>A region without records: pages, at least so many bytes of them.</summary>
    public void AddBytes(RegionId id, long bytes) =>
        Add(id, PageBytes, (int)((bytes + PageBytes - 1) / PageBytes));

    public void Add(RegionId id, int elementBytes, int count)
    {
        _regions[(int)id] = new RegionEntry { Offset = TotalBytes, ElementBytes = elementBytes, Count = count };
        long bytes = (long)elementBytes * count;
        TotalBytes += (bytes + PageBytes - 1) / PageBytes * PageBytes;
    }
}
