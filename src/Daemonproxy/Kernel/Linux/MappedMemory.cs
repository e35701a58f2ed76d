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
    private const int RLIMIT_DATA = 2;
    private const int RLIMIT_AS = 9;

    /// <summary>
    /// The bytes that are reserved at once, more than a daemon with the default options needs: a call for each piece
    /// takes longer than what the piece is for.
    /// </summary>
    private const long RoomBytes = 32 << 20;

    private static nint s_pageBytes;
    private static byte* s_room;
    private static long s_roomLeft;
    private static bool s_isRoomMade;

    /// <summary>4,096 bytes on x64; 4, 16 or 64 KiB on arm64.</summary>
    public static nint PageBytes
    {
        get
        {
            if (s_pageBytes == 0)
            {
                s_pageBytes = (nint)NativeMethods.getauxval(NativeMethods.AT_PAGESZ);
            }

            return s_pageBytes;
        }
    }

    /// <summary>
    /// Private pages that read as zero and are not there until touched; null if there is no address space left for
    /// them. They stay for as long as the process: <see cref="ReserveAlone"/> is for those that do not.
    /// </summary>
    public static byte* Reserve(long bytes)
    {
        long rounded = (bytes + PageBytes - 1) & -PageBytes;
        if (!s_isRoomMade)
        {
            // Under a limit there may be only space for what is needed.
            s_isRoomMade = true;
            bool isUnlimited = IsUnlimited(RLIMIT_AS) && IsUnlimited(RLIMIT_DATA);
            s_room = isUnlimited ? ReserveAlone(RoomBytes) : null;
            s_roomLeft = s_room == null ? 0 : RoomBytes;
        }

        if (rounded > s_roomLeft)
        {
            return ReserveAlone(rounded);
        }

        byte* memory = s_room;
        s_room += rounded;
        s_roomLeft -= rounded;
        return memory;
    }

    /// <summary>
    /// The same in a mapping of its own. The kernel gives it no large pages, madvise(2): with the first byte of one, 2
    /// MB would be there.
    /// </summary>
    public static byte* ReserveAlone(long bytes)
    {
        void* memory = mmap(
            null, (size_t)(ulong)bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if ((nint)memory == MapFailed)
        {
            return null;
        }

        _ = NativeMethods.Madvise((nint)memory, (nint)bytes, MADV_NOHUGEPAGE);
        return (byte*)memory;
    }

    private static bool IsUnlimited(int resource)
    {
        ulong* limit = stackalloc ulong[2];
        return NativeMethods.getrlimit(resource, limit) == 0 && *limit == ulong.MaxValue;
    }

    /// <summary>The memory of a file, shared with later mappings; null on failure, with errno set.</summary>
    public static byte* Share(int fd, long bytes)
    {
        void* memory = mmap(null, (size_t)(ulong)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if ((nint)memory == MapFailed)
        {
            return null;
        }

        _ = NativeMethods.Madvise((nint)memory, (nint)bytes, MADV_NOHUGEPAGE);
        return (byte*)memory;
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
