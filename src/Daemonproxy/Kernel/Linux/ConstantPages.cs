using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// The segments of the program and its libraries that are never written, elf(5): code, and constant data. Their pages
/// can be given back at any time, and come back from the page cache. Three pages are left out: that of the crash
/// handler and that of the wait, which are locked (the kernel would stop there), and that of the runtime's stack
/// cookie, which the runtime writes at the start although it is constant; dropped, it would come back with another
/// cookie. The bounds come from the dynamic linker, dl_iterate_phdr(3), so /proc is not needed.
/// </summary>
internal sealed unsafe class ConstantPages
{
    private const uint PT_LOAD = 1;
    private const uint PF_W = 2;

    /// <summary>
    /// A static program has 3 segments, a dynamic one 9 with its libraries; a page left out splits one.
    /// </summary>
    public const int MostRanges = 24;

    private const int KeptPages = 3;

    private readonly Range* _ranges;
    private int _count;

    /// <summary>Looks for them.</summary>
    /// <param name="room">Zeroed memory for <see cref="MostRanges"/> ranges, which stays.</param>
    public ConstantPages(void* room)
    {
        nint* kept = stackalloc nint[KeptPages];
        kept[0] = (nint)CrashHandler.CodePage;
        kept[1] = PageOf(daemonproxy_kept(0));
        kept[2] = PageOf(daemonproxy_kept(1));
        WaitPage = (void*)kept[1];
        _ranges = (Range*)room;
        SegmentScan search = new() { Kept = kept, Ranges = _ranges };
        search.OfTheKernel = (nint)NativeMethods.getauxval(NativeMethods.AT_SYSINFO_EHDR);
        _ = NativeMethods.dl_iterate_phdr(&LookAt, &search);
        _count = search.Count;
    }

    /// <summary>The room for one of <see cref="MostRanges"/>.</summary>
    public static int RangeBytes => sizeof(Range);

    /// <summary>The page of the code of <see cref="GiveBackAndWait"/>.</summary>
    public void* WaitPage { get; }

    /// <summary>Gives them back, madvise(2).</summary>
    public void GiveBack()
    {
        for (int at = 0; at < _count; at++)
        {
            _ = NativeMethods.Madvise(_ranges[at].Start, _ranges[at].Bytes, MADV_DONTNEED);
        }
    }

    /// <summary>
    /// Gives them back and waits, without touching any of them in between; epoll_wait(2) with a negative errno.
    /// </summary>
    public int GiveBackAndWait(int epoll, void* events, int most, int milliseconds) =>
        (int)daemonproxy_wait(_ranges, _ranges + _count, epoll, events, most, milliseconds);

    /// <summary>Waits only; epoll_wait(2) with a negative errno.</summary>
    public int Wait(int epoll, void* events, int most, int milliseconds) =>
        (int)daemonproxy_wait(_ranges, _ranges, epoll, events, most, milliseconds);

    /// <summary>With mlockall(2) in force the kernel would refuse.</summary>
    public void Keep() => _count = 0;

    // In give_back.S. With a transition, since it waits.
    [DllImport("daemonproxy-start")]
    private static extern nint daemonproxy_wait(
        Range* ranges, Range* end, nint epoll, void* events, nint most, nint milliseconds);

    // In before_main.c: the code of daemonproxy_wait, and the stack cookie.
    [DllImport("daemonproxy-start"), SuppressGCTransition]
    private static extern nint daemonproxy_kept(int which);

    private static nint PageOf(nint address) => address & -MappedMemory.PageBytes;

    // Called by the C library for each loaded object: a managed function pointer is a plain code address here. The
    // kernel's own object is no file.
    private static int LookAt(ObjectInfo* info, nuint bytes, void* context)
    {
        SegmentScan* search = (SegmentScan*)context;
        for (int at = 0; at < info->HeaderCount; at++)
        {
            ProgramHeader* header = info->Headers + at;
            nint start = info->LoadedAt + header->Address;
            bool isConstant = header->Type == PT_LOAD && (header->Flags & PF_W) == 0;
            if (isConstant && start - header->Offset != search->OfTheKernel)
            {
                // Whole pages only: what else is in the last one is not of this segment.
                nint end = (start + header->FileBytes) & -MappedMemory.PageBytes;
                Add(search, PageOf(start + MappedMemory.PageBytes - 1), end);
            }
        }

        return 0;
    }

    private static void Add(SegmentScan* search, nint start, nint end)
    {
        for (int at = 0; at < KeptPages; at++)
        {
            nint kept = search->Kept[at];
            if (kept >= start && kept < end)
            {
                Add(search, start, kept);
                Add(search, kept + MappedMemory.PageBytes, end);
                return;
            }
        }

        if (end > start && search->Count < MostRanges)
        {
            search->Ranges[search->Count++] = new Range { Start = start, Bytes = end - start };
        }
    }

    // Read by give_back.S.
    [StructLayout(LayoutKind.Sequential)]
    private struct Range
    {
        public nint Start;
        public nint Bytes;
    }

    private struct SegmentScan
    {
        public nint* Kept;
        public nint OfTheKernel;
        public Range* Ranges;
        public int Count;
    }

    /// <summary>The beginning of struct dl_phdr_info.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ObjectInfo
    {
        public nint LoadedAt;
        public byte* Name;
        public ProgramHeader* Headers;
        public ushort HeaderCount;
    }

    /// <summary>Elf64_Phdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ProgramHeader
    {
        public uint Type;
        public uint Flags;
        public nint Offset;
        public nint Address;
        public nint PhysicalAddress;
        public nint FileBytes;
        public nint MemoryBytes;
        public nint Alignment;
    }
}
