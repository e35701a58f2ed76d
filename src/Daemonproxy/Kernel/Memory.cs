using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Daemonproxy.Kernels;

/// <summary>Address space, mmap(2), for what must not be moved by the collector.</summary>
internal static unsafe class Memory
{
    private const int PROT_READ = 1;
    private const int PROT_WRITE = 2;
    private const int MAP_SHARED = 1;
    private const int MAP_PRIVATE = 2;
    private const int MAP_ANONYMOUS = 0x20;
    private const int MAP_NORESERVE = 0x4000;
    private const nint MapFailed = -1;

    /// <summary>4,096 bytes on x64; 4, 16 or 64 KiB on arm64.</summary>
    public static nint PageBytes => (nint)Native.getauxval(Native.AT_PAGESZ);

    /// <summary>
    /// Private memory that reads as zero and is not there until touched; null if there is no address space left for it.
    /// </summary>
    public static byte* Reserve(long bytes)
    {
        void* memory = Native.mmap(
            null, (nint)bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        return (nint)memory == MapFailed ? null : (byte*)memory;
    }

    /// <summary>The memory of a file, shared with whoever maps it later; null on failure, with errno set.</summary>
    public static byte* Share(int fd, long bytes)
    {
        void* memory = Native.mmap(null, (nint)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        return (nint)memory == MapFailed ? null : (byte*)memory;
    }

    /// <summary>
    /// Memory for the seam itself, at the start; with a page below it that faults when it is asked for.
    /// </summary>
    public static byte* Map(long bytes, bool guarded)
    {
        nint guard = guarded ? PageBytes : 0;
        byte* memory = Reserve(guard + bytes);
        Verify.That(memory != null);
        if (guarded)
        {
            _ = Native.mprotect(memory, guard, 0);
        }

        return memory + guard;
    }

    /// <summary>The address of a constant text, which lies in the program file and ends in a NUL.</summary>
    public static byte* Constant(ReadOnlySpan<byte> text) =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(text));
}
