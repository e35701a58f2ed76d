using System.Runtime.InteropServices;

namespace Daemonproxy.Kernels;

/// <summary>The code of the program and its libraries in memory, elf(5).</summary>
internal static unsafe class ProgramText
{
    private const int MADV_DONTNEED = 4;
    private const uint PT_LOAD = 1;
    private const uint PF_X = 1;
    private const uint PF_W = 2;
    /// <summary>
    /// Gives back, madvise(2), the pages of code that only starting up needed, the program's and the C library's; what
    /// is needed again comes back from the page cache. Only segments of nothing but code: the runtime writes its stack
    /// cookie into .rodata at the start, and a page dropped there comes back with the old one. Where the linker puts
    /// .rodata and code into one segment, which then holds the file's first byte too (arm64 without -z separate-code),
    /// nothing is dropped. With mlockall(2) in force the kernel refuses, and nothing is lost. The bounds come from the
    /// dynamic linker, dl_iterate_phdr(3), so /proc is not needed.
    /// </summary>
    public static void Drop() => _ = Native.dl_iterate_phdr(&DropObject, null);

    // Called by the C library for each loaded object: a managed function pointer is a plain code address here.
    private static int DropObject(ObjectInfo* info, nuint bytes, void* context)
    {
        nint page = Memory.PageBytes;
        for (int at = 0; at < info->HeaderCount; at++)
        {
            ProgramHeader* header = info->Headers + at;
            bool code = header->Type == PT_LOAD && (header->Flags & (PF_X | PF_W)) == PF_X;
            if (code && header->Offset != 0)
            {
                nint start = (info->LoadedAt + header->Address + page - 1) & -page;
                nint end = (info->LoadedAt + header->Address + header->FileBytes) & -page;
                _ = end > start ? Native.madvise((void*)start, end - start, MADV_DONTNEED) : 0;
            }
        }

        return 0;
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
