using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// Finds out, before the loop begins and after its end, whether all file systems on the way of a path answer by
/// themselves. It asks none of them: the mounts are in /proc/self/mountinfo, proc_pid_mountinfo(5), and openat2(2)
/// (Linux 5.6) follows no symbolic link, so that the path does not lead elsewhere.
/// </summary>
internal static unsafe class LocalPath
{
    private const int Bytes = 4096;
    private const nint OpenAt2 = 437;
    private const ulong NoSymbolicLinks = 0x04;
    private const ulong OnlyCached = 0x20;
    private const ulong PathOnly = 0x20_0000;

    // Those of FileSystems, by the names that mountinfo has for them. Each has a blank behind it.
    private static ReadOnlySpan<byte> Types =>
        "ext2 ext3 ext4 xfs btrfs f2fs bcachefs zfs squashfs erofs vfat exfat iso9660 udf ubifs jffs2 ntfs3 "u8;

    private static ReadOnlySpan<byte> TypesInMemory =>
        "tmpfs ramfs rootfs devtmpfs devpts proc sysfs cgroup cgroup2 hugetlbfs mqueue debugfs tracefs bpf configfs "u8;

    /// <summary>
    /// True if a file is on the file system of our own program, which has to answer anyway; false if that is not known.
    /// The quick way for most configs: openat2(2) finds the file only where the kernel has its whole path in memory
    /// (RESOLVE_CACHED, Linux 5.12), and statx(2) asks no file system (AT_STATX_DONT_SYNC).
    /// </summary>
    public static bool IsBeside(byte* path, FdNumber program)
    {
        nint fd = Find(path, OnlyCached);
        if (fd < 0)
        {
            return false;
        }

        ulong device = DeviceOf((int)fd);
        RawCalls.Close((int)fd);
        return device != 0 && device == DeviceOf(program.Value);
    }

    // The major and the minor number of struct statx, stx_dev_major and the field behind it; 0 if there is none.
    private static ulong DeviceOf(int fd)
    {
        const int StatBytes = 256;
        const int DeviceOffset = 136;
        const nint EmptyPath = 0x1000;
        const nint DoNotSync = 0x4000;
        byte* stat = stackalloc byte[StatBytes];
        byte nothing = 0;
        nint result = RawCalls.Call(
            RawCalls.Number(332, 291), fd, (nint)(&nothing), EmptyPath | DoNotSync, 0, (nint)stat);
        return result < 0 ? 0 : *(ulong*)(stat + DeviceOffset);
    }

    /// <summary>True if no call on this path can wait for a file system; false if that is not known.</summary>
    public static bool Answers(byte* path)
    {
        byte* whole = stackalloc byte[2 * Bytes];
        byte* end = whole;
        if (*path != (byte)'/')
        {
            // The kernel has the path of the working directory in memory, getcwd(2).
            nint length = RawCalls.Call(RawCalls.Number(79, 17), (nint)whole, Bytes, 0, 0, 0);
            if (length < 2 || *whole != (byte)'/' || *path == (byte)'.')
            {
                return false;
            }

            end += length - 1;
            *end = (byte)'/';
            end += length == 2 ? 0 : 1;
        }

        return *path == 0 || (TryAppend(end, path) && AreMountsLocal(whole) && HasNoSymbolicLink(path));
    }

    // False if it is too long, or has an empty name, or one that begins with a dot: "." and "..", and some others.
    private static bool TryAppend(byte* end, byte* path)
    {
        for (int at = 0; at < Bytes; at++)
        {
            end[at] = path[at];
            if (path[at] == 0)
            {
                return true;
            }

            if (path[at] == (byte)'/' && path[at + 1] is (byte)'/' or (byte)'.')
            {
                return false;
            }
        }

        return false;
    }

    // Every mount on the way, also one that another covers. A line without room is not understood.
    private static bool AreMountsLocal(byte* path)
    {
        byte* buffer = stackalloc byte[2 * Bytes];
        byte* line = buffer + Bytes;
        ByteReader file = default;
        file.Open(MountInfoLine.File, buffer, Bytes);
        if (file.Reason == Errno.ENOENT && SignalSafeCalls.getpid() == 1)
        {
            // A process 1 without /proc has mounted nothing yet: the path is on the file system of its own program.
            return true;
        }

        bool areLocal = true;
        bool hasRoot = false;
        int length = 0;
        while (areLocal && length != ByteReader.End)
        {
            length = file.ReadLine(line, Bytes);
            if (length != ByteReader.End)
            {
                bool isLocal = HasLocalType(line);
                byte* place = MountInfoLine.Field(line, MountInfoLine.Place);
                bool isOnWay = IsOnWay(place, path);
                areLocal = (isLocal || !isOnWay) && length > 0;
                hasRoot |= isOnWay;
            }
        }

        bool isWhole = file.Reason == Errno.None;
        file.Close();
        return areLocal && hasRoot && isWhole;
    }

    private static bool IsOnWay(byte* place, byte* path)
    {
        bool isRoot = *place == (byte)'/' && place[1] == 0;
        while (*place != 0 && *place == *path)
        {
            place++;
            path++;
        }

        return isRoot || (*place == 0 && *path is 0 or (byte)'/');
    }

    // The field behind the one that is a hyphen.
    private static bool HasLocalType(byte* line)
    {
        while (*line != 0 && !(line[0] == (byte)' ' && line[1] == (byte)'-' && line[2] == (byte)' '))
        {
            line++;
        }

        return *line != 0 && (IsAmong(Types, line + 3) || IsAmong(TypesInMemory, line + 3));
    }

    private static bool IsAmong(ReadOnlySpan<byte> words, byte* word)
    {
        int at = 0;
        foreach (byte next in words)
        {
            if (at >= 0 && next == word[at])
            {
                if (next == (byte)' ')
                {
                    return at > 0;
                }

                at++;
            }
            else
            {
                at = next == (byte)' ' ? 0 : -1;
            }
        }

        return false;
    }

    // Opens a path only to look at it, resolved in this way; a negative errno if that is impossible.
    private static nint Find(byte* path, ulong resolve)
    {
        ulong* how = stackalloc ulong[3];
        how[0] = PathOnly | (uint)O_CLOEXEC;
        how[1] = 0;
        how[2] = resolve;
        return RawCalls.Call(OpenAt2, AT_FDCWD, (nint)path, (nint)how, 3 * sizeof(ulong), 0);
    }

    private static bool HasNoSymbolicLink(byte* path)
    {
        nint fd = Find(path, NoSymbolicLinks);
        if (fd >= 0)
        {
            RawCalls.Close((int)fd);
        }

        return fd >= 0 || fd == -(int)Errno.ENOENT;
    }
}
