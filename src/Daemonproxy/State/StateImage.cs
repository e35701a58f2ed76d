using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>
/// The memory that outlives the process image: all live state, in regions of unmanaged records, without pointers. It is
/// the live store, not a copy of it. Made once at start (<see cref="TryCreate"/>) or taken over from the process image
/// that crashed (<see cref="TryOpen"/>).
/// </summary>
internal sealed unsafe class StateImage
{
    private readonly SystemCalls _kernel;
    private readonly byte* _memory;

    private StateImage(SystemCalls kernel, FdNumber fd, byte* memory)
    {
        _kernel = kernel;
        _memory = memory;
        Fd = fd;
    }

    /// <summary>The descriptor of the memory; none when the kernel has no memfd, and then there is no resume.</summary>
    public FdNumber Fd { get; }

    public ref ImageHeader Header => ref *(ImageHeader*)_memory;

    /// <summary>A new image of this layout; an errno when there is no memory for it.</summary>
    public static Errno TryCreate(SystemCalls kernel, ImageLayout layout, out StateImage? image)
    {
        image = null;
        Errno errno = kernel.CreateImage(layout.TotalBytes, out FdNumber fd, out void* memory);
        if (errno != Errno.None)
        {
            return errno;
        }

        image = new StateImage(kernel, fd, (byte*)memory);

        // The header, and the short regions behind it, which every turn uses.
        errno = image.Reserve(0, layout.Regions[(int)RegionId.Inboxes].Offset);
        if (errno != Errno.None)
        {
            return errno;
        }

        ref ImageHeader header = ref image.Header;
        header.HeaderBytes = sizeof(ImageHeader);
        header.TotalBytes = layout.TotalBytes;
        layout.Regions.CopyTo(header.Regions);
        header.Layout = ImageHeader.CurrentLayout;
        header.Crash.Owner = kernel.OwnPid().Value;
        header.Work.Connection = -1;
        header.Work.Service = -1;
        header.Accepted = FdNumber.None;
        header.Magic = ImageHeader.ExpectedMagic;
        header.Checksum = ImageCheck.Checksum(ref header);
        return Errno.None;
    }

    /// <summary>
    /// The image behind a descriptor, or a copy of it, if its header is sound; otherwise the reason why not. It may be
    /// of an earlier release.
    /// </summary>
    public static string? TryOpen(
        SystemCalls kernel, FdNumber fd, ImageLayout layout, bool isCopy, out StateImage? image)
    {
        image = null;
        Errno errno = kernel.MapImage(fd, isCopy, out long bytes, out void* memory);
        if (errno != Errno.None)
        {
            return errno == Errno.ENOMEM ? "RLIMIT_AS or RLIMIT_DATA is too low" : "it cannot be mapped";
        }

        StateImage candidate = new(kernel, fd, (byte*)memory);
        if (bytes >= ImageLayout.PageBytes)
        {
            // Whatever is wrong with the image, looking at it must not be the end.
            kernel.SurviveCrashes(candidate.CrashNote, candidate.SavedLimits, fd);
        }

        string? reason = bytes < ImageLayout.PageBytes
            ? "it is too short"
            : ImageCheck.Header(candidate, bytes, layout);
        image = reason is null ? candidate : null;
        return reason;
    }

    /// <summary>The record that was being changed when the daemon crashed, if it is of this region; or -1.</summary>
    public int SuspectOf(RegionId region)
    {
        long suspect = Header.Suspect;
        return suspect >> 32 == (long)region ? (int)(uint)suspect - 1 : -1;
    }

    /// <summary>From here on: the daemon crashes in this way when it passes this point next.</summary>
    public void Arm(CrashKind kind, CrashPoint point)
    {
        Header.CrashKind = (int)kind + 1;
        Header.CrashPoint = (int)point + 1;
        Header.Crash.IsArmed = point == CrashPoint.Handler ? 1 : 0;
    }

    /// <summary>
    /// A point where tests may want a crash. It costs a load and a comparison, beside what takes far longer.
    /// </summary>
    public void Pass(CrashPoint point)
    {
        if (Header.CrashPoint == (int)point + 1)
        {
            Fire();
        }
    }

    /// <summary>After a resume: the end of the written data in this part of the image.</summary>
    public long EndOfData(long offset, long bytes) => _kernel.EndOfImageData(Fd, offset, bytes);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Fire()
    {
        CrashKind kind = (CrashKind)(Header.CrashKind - 1);
        Header.CrashPoint = 0;
        DeliberateCrash.Do(kind);
    }

    /// <summary>The crash note, which the crash handler writes.</summary>
    public CrashNote* CrashNote => &((ImageHeader*)_memory)->Crash;

    /// <summary>The place of limits that are raised for an execution.</summary>
    public SavedLimits* SavedLimits => &((ImageHeader*)_memory)->SavedLimits;

    /// <summary>The note of the record that is being changed.</summary>
    public long* ChangingNote => &((ImageHeader*)_memory)->Changing;

    public RegionEntry Entry(RegionId id) => Header.Regions[(int)id];

    public byte* At(long offset) => _memory + offset;

    /// <summary>Makes sure that these bytes can be touched.</summary>
    public Errno Reserve(long offset, long bytes) => _kernel.ReserveImage(offset, bytes);

    /// <summary>The same for all regions from one to another, in one call.</summary>
    public Errno ReserveRegions(RegionId first, RegionId last)
    {
        RegionEntry end = Entry(last);
        long from = Entry(first).Offset;
        return Reserve(from, end.Offset + ((long)end.ElementBytes * end.Count) - from);
    }

    /// <summary>Gives these bytes back. Both are multiples of the page size.</summary>
    public void Release(long offset, long bytes) => _kernel.ReleaseImage(offset, bytes);
}
