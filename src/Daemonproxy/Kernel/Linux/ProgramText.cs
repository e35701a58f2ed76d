using System.Runtime.InteropServices;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// The code of the program and its libraries in memory, elf(5), and the tables for unwinding: what can be given back at
/// any time, since it is never written. Not .rodata: the runtime writes its stack cookie there at the start, and a page
/// dropped there comes back with the old one. Where the linker puts .rodata and code into one segment, which then holds
/// the file's first byte too (arm64 without -z separate-code), there is nothing to give back. The bounds come from the
/// dynamic linker, dl_iterate_phdr(3), so /proc is not needed.
/// </summary>
internal sealed unsafe class ProgramText
{
    private const uint PT_LOAD = 1;
    private const uint PT_GNU_EH_FRAME = 0x6474E550;
    private const uint PF_X = 1;
    private const uint PF_W = 2;

    /// <summary>A static program has 3 ranges, a dynamic one 7: those of two libraries.</summary>
    private const int MostRanges = 16;

    private readonly Range* _ranges;
    private int _count;

    /// <summary>Looks for it.</summary>
    /// <param name="locked">A page of code that stays, since it is locked: the kernel would stop there.</param>
    public ProgramText(void* locked)
    {
        _ranges = (Range*)MappedMemory.Map(MostRanges * sizeof(Range), guarded: false);
        Search search = new() { Locked = (nint)locked, Ranges = _ranges };
        _ = NativeMethods.dl_iterate_phdr(&LookAt, &search);
        _count = search.Count;
    }

    /// <summary>
    /// Gives it back, madvise(2); needed pages come back from the page cache. All calls are made from one page of
    /// the C library, the one that Wait calls too: what comes back at once is little.
    /// </summary>
    public void Drop()
    {
        for (int at = 0; at < _count; at++)
        {
            _ = NativeMethods.Madvise(_ranges[at].Start, _ranges[at].Bytes, MADV_DONTNEED);
        }
    }

    /// <summary>With mlockall(2) in force the kernel would refuse.</summary>
    public void Keep() => _count = 0;

    // Called by the C library for each loaded object: a managed function pointer is a plain code address here.
    private static int LookAt(ObjectInfo* info, nuint bytes, void* context)
    {
        Search* search = (Search*)context;
        for (int at = 0; at < info->HeaderCount; at++)
        {
            ProgramHeader* header = info->Headers + at;
            bool isFixed = header->Type == PT_LOAD && (header->Flags & PF_W) == 0 && header->Offset != 0;
            if (isFixed && (header->Flags & PF_X) != 0)
            {
                Add(search, info->LoadedAt + header->Address, header->FileBytes);
            }
            else if (isFixed && UnwindTables(info, header) is nint tables and not 0)
            {
                Add(search, info->LoadedAt + tables, header->Address + header->FileBytes - tables);
            }
        }

        return 0;
    }

    // The offset of .eh_frame_hdr in a read-only segment; the tables from there to the end are constant.
    private static nint UnwindTables(ObjectInfo* info, ProgramHeader* segment)
    {
        for (int at = 0; at < info->HeaderCount; at++)
        {
            ProgramHeader* header = info->Headers + at;
            bool isInside = header->Type == PT_GNU_EH_FRAME
                && header->Address >= segment->Address
                && header->Address < segment->Address + segment->FileBytes;
            if (isInside)
            {
                return header->Address;
            }
        }

        return 0;
    }

    // Whole pages only; the locked one among them is passed over.
    private static void Add(Search* search, nint start, nint bytes)
    {
        nint page = MappedMemory.PageBytes;
        nint end = (start + bytes) & -page;
        start = (start + page - 1) & -page;
        if (search->Locked >= start && search->Locked < end)
        {
            AddPages(search, start, search->Locked);
            start = search->Locked + page;
        }

        AddPages(search, start, end);
    }

    private static void AddPages(Search* search, nint start, nint end)
    {
        if (end > start && search->Count < MostRanges)
        {
            search->Ranges[search->Count++] = new Range { Start = start, Bytes = end - start };
        }
    }

    private struct Range
    {
        public nint Start;
        public nint Bytes;
    }

    private struct Search
    {
        public nint Locked;
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
