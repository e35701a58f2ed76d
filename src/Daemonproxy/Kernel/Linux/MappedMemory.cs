using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Daemonproxy.Kernel.SignalSafe;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>Address space, mmap(2), for what must not be moved by the collector.</summary>
internal static unsafe class MappedMemory
{
    private const nint MapFailed = -1;

    /// <summary>4,096 bytes on x64; 4, 16 or 64 KiB on arm64.</summary>
    public static nint PageBytes => (nint)NativeMethods.getauxval(NativeMethods.AT_PAGESZ);

    /// <summary>
    /// Private memory that reads as zero and is not there until touched; null if there is no address space left for it.
    /// </summary>
    public static byte* Reserve(long bytes)
    {
        void* memory = mmap(
            null, (size_t)(ulong)bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        return (nint)memory == MapFailed ? null : (byte*)memory;
    }

    /// <summary>The memory of a file, shared with later mappings; null on failure, with errno set.</summary>
    public static byte* Share(int fd, long bytes)
    {
        void* memory = mmap(null, (size_t)(ulong)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        return (nint)memory == MapFailed ? null : (byte*)memory;
    }

    /// <summary>
    /// A copy of the memory of a file; null on failure, with errno set. Pages are copied by being written to; those
    /// that the file does not have are left alone: lseek(2), SEEK_DATA.
    /// </summary>
    public static byte* Copy(int fd, long bytes)
    {
        void* memory = mmap(
            null, (size_t)(ulong)bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, fd, 0);
        if ((nint)memory == MapFailed)
        {
            return null;
        }

        byte* first = (byte*)memory;
        long data = lseek(fd, 0, NativeMethods.SEEK_DATA);
        while (data >= 0 && data < bytes)
        {
            long end = System.Math.Min(lseek(fd, data, NativeMethods.SEEK_HOLE), bytes);
            for (long at = data; at < end; at += PageBytes)
            {
                Volatile.Write(ref first[at], Volatile.Read(ref first[at]));
            }

            data = end < data ? -1 : lseek(fd, end, NativeMethods.SEEK_DATA);
        }

        return first;
    }

    /// <summary>
    /// Memory for the seam itself, at the start; with a page below it that faults when it is asked for.
    /// </summary>
    public static byte* Map(long bytes, bool guarded)
    {
        nint guard = guarded ? PageBytes : 0;
        byte* memory = Reserve(guard + bytes);
        Require(memory);
        if (guarded)
        {
            _ = mprotect(memory, (int)guard, 0);
        }

        return memory + guard;
    }

    /// <summary>True if this process checks an image, and says on standard output what is wrong.</summary>
    public static bool IsCheck { get; set; }

    /// <summary>Memory that must be there. Without it the process ends, with a message on standard error.</summary>
    public static void Require(byte* memory)
    {
        if (memory == null)
        {
            ReadOnlySpan<byte> text = IsCheck
                ? "daemonproxy cannot resume: RLIMIT_AS or RLIMIT_DATA is too low\n"u8
                : "fatal: there is no memory for the daemon: RLIMIT_AS or RLIMIT_DATA is too low\n"u8;
            fixed (byte* first = text)
            {
                _ = NativeMethods.write(IsCheck ? 1 : 2, first, text.Length);
            }

            CrashEntry.GiveUp();
        }
    }

    /// <summary>The address of a constant text, which lies in the program file and ends in a NUL.</summary>
    public static byte* Constant(ReadOnlySpan<byte> text) =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(text));
}
