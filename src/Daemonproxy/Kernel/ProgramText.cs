using System.Runtime.InteropServices;

namespace Daemonproxy.Kernels;

/// <summary>The program's own code in memory, elf(5).</summary>
internal static unsafe class ProgramText
{
    private const int MADV_DONTNEED = 4;
    private const uint PT_LOAD = 1;
    private const uint PF_X = 1;
    private const uint PF_W = 2;
    private const uint ElfMagic = 0x464C457F;
    private const int ElfHeaderBytes = 64;

    /// <summary>
    /// Gives back, madvise(2), the pages of code that only starting up needed; what is needed again comes back from the
    /// page cache. Only a segment of nothing but code: the runtime writes its stack cookie into .rodata at the start,
    /// and a page dropped there comes back with the old one. Where the linker puts .rodata and code into one segment,
    /// which then holds the file's first byte too (arm64 without -z separate-code), nothing is dropped. With
    /// mlockall(2) in force the kernel refuses, and nothing is lost. The bounds are in the program headers, so /proc is
    /// not needed.
    /// </summary>
    public static void Drop()
    {
        ProgramHeader* headers = (ProgramHeader*)Native.getauxval(Native.AT_PHDR);
        int count = (int)Native.getauxval(Native.AT_PHNUM);
        byte* file = (byte*)headers - ElfHeaderBytes;
        if (headers == null || *(uint*)file != ElfMagic)
        {
            return;
        }

        for (int at = 0; at < count; at++)
        {
            // The segment that begins with the file's first byte tells where everything was loaded.
            if (headers[at].Type == PT_LOAD && headers[at].Offset == 0)
            {
                Drop(headers, count, (nint)file - headers[at].Address);
                return;
            }
        }
    }

    private static void Drop(ProgramHeader* headers, int count, nint loadedAt)
    {
        nint page = Memory.PageBytes;
        for (int at = 0; at < count; at++)
        {
            ProgramHeader* header = headers + at;
            bool code = header->Type == PT_LOAD && (header->Flags & (PF_X | PF_W)) == PF_X;
            if (code && header->Offset != 0)
            {
                nint start = (loadedAt + header->Address + page - 1) & -page;
                nint end = (loadedAt + header->Address + header->FileBytes) & -page;
                _ = end > start ? Native.madvise((void*)start, end - start, MADV_DONTNEED) : 0;
            }
        }
    }

    /// <summary>Elf64_Phdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ProgramHeader
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
