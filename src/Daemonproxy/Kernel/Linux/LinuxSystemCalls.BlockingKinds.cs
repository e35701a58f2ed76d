using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// Classifies a descriptor without asking its file system: fcntl(2), ioctl(2), uname(2), readlinkat(2) of /proc.
/// Decision 55.
/// </summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    // FS_IOC_GETFSSYSFSPATH of linux/fs.h: a length, and up to 128 bytes, such as ext4/sda1.
    private const int GetSysfsPath = unchecked((int)0x8081_1501);
    private const int SysfsPathBytes = 136;

    // struct utsname: six texts of 65 bytes; the third is the release.
    private const int NameBytes = 65;
    private const int FirstMajor = 6;
    private const int FirstMinor = 10;

    private readonly bool _tellsFileSystem = TellsFileSystem();

    public override bool TryExamine(FdNumber fd, out FdIdentity identity, out FdBlocking blocking)
    {
        identity = default;
        blocking = FdBlocking.Unknown;
        bool isMemory = RawCalls.Fcntl(fd.Value, GetSeals, 0) >= 0;
        return (isMemory || (_tellsFileSystem && IsOnDisk(fd)))
            && default(RawPathCalls).Examine(fd, out identity, out blocking) == Errno.None;
    }

    // The kernel makes the target of /proc/self/fd/N of its own tables: pipe:[42] for a pipe of pipe(2), and a path for
    // a fifo. Without /proc nothing is known.
    private static bool IsNamelessPipe(FdNumber fd)
    {
        const int numberAt = 14;
        const int targetBytes = 8;
        byte* path = stackalloc byte[numberAt + 12];
        "/proc/self/fd/"u8.CopyTo(new Span<byte>(path, numberAt));
        CgroupDirectory.WriteNumber(path + numberAt, fd.Value);
        byte* target = stackalloc byte[targetBytes];
        nint length = RawCalls.Call(
            RawCalls.Number(267, 78), AT_FDCWD, (nint)path, (nint)target, targetBytes, 0); // readlinkat(2)
        return length == targetBytes && new ReadOnlySpan<byte>(target, targetBytes).StartsWith("pipe:["u8);
    }

    // The kernel itself answers from what the file system has said when it was mounted. Those that have said it are on
    // a local disk; the names are looked at all the same.
    private static bool IsOnDisk(FdNumber fd)
    {
        byte* answer = stackalloc byte[SysfsPathBytes];
        if (RawCalls.Call(RawCalls.Number(16, 29), fd.Value, GetSysfsPath, (nint)answer, 0, 0) < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> path = new(answer + 1, Math.Min((int)answer[0], SysfsPathBytes - 1));
        return path.StartsWith("ext4/"u8) || path.StartsWith("xfs/"u8) || path.StartsWith("btrfs/"u8)
            || path.StartsWith("f2fs/"u8) || path.StartsWith("bcachefs/"u8);
    }

    // An older kernel hands the request on to the file system, which may not answer.
    private static bool TellsFileSystem()
    {
        byte* names = stackalloc byte[6 * NameBytes];
        if (RawCalls.Call(RawCalls.Number(63, 160), (nint)names, 0, 0, 0, 0) < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> release = new(names + (2 * NameBytes), NameBytes);
        int major = TakeNumber(ref release);
        int minor = TakeNumber(ref release);
        return major > FirstMajor || (major == FirstMajor && minor >= FirstMinor);
    }

    // A number, and the character behind it.
    private static int TakeNumber(ref ReadOnlySpan<byte> text)
    {
        int number = 0;
        int at = 0;
        for (; at < 4 && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            number = (number * 10) + text[at] - '0';
        }

        text = text[(at + 1)..];
        return number;
    }
}
