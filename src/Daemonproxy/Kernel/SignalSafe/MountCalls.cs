// Calls of cloned children: the conditions in SignalSafeCalls.cs hold for all of this file.
using System;
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>The system calls that change what is mounted: see <see cref="RawCalls"/>.</summary>
internal static unsafe class MountCalls
{
    /// <summary>The mode of an entry that is no directory: a regular file, or a device.</summary>
    public const int RegularFile = 0x8000;
    public const int CharacterDevice = 0x2000;

    // linux/mount.h.
    private const int AttributeReadOnly = 1;
    private const int NoAutomount = 0x800;
    private const int Recursive = 0x8000;
    private const int NewMountNamespace = 0x20000;

    // The flags of a mount as statfs(2) tells them in its eleventh word, and as mount(2) takes them, where they differ.
    private const int FlagsWord = 10;
    private const nint SameFlags = 0xC0E;
    private const nint RelativeTimesFound = 0x1000;
    private const nint NoSymlinksFound = 0x2000;
    private const nint NoSymlinks = 0x100;
    private const nint NoTimes = 0x400;

    /// <summary>unshare(2) of the mount namespace.</summary>
    public static nint Unshare() => RawCalls.Call(RawCalls.Number(272, 97), NewMountNamespace, 0, 0, 0, 0);

    /// <summary>mount(2).</summary>
    public static nint Mount(byte* source, byte* target, byte* type, MountFlags flags, byte* options) =>
        RawCalls.Call(
            RawCalls.Number(165, 40), (nint)source, (nint)target, (nint)type, (nint)flags, (nint)options);

    /// <summary>umount2(2) with MNT_DETACH.</summary>
    public static nint Detach(byte* target) =>
        RawCalls.Call(RawCalls.Number(166, 39), (nint)target, 2, 0, 0, 0);

    /// <summary>
    /// Makes a mount, and with <paramref name="isTree"/> those below it at once, read-only or writable:
    /// mount_setattr(2), Linux 5.12. EINVAL: nothing is mounted there.
    /// </summary>
    public static nint SetAttributes(byte* path, bool isReadOnly, bool isTree)
    {
        MountAttributes attributes = default;
        attributes.Set = isReadOnly ? AttributeReadOnly : 0u;
        attributes.Clear = isReadOnly ? 0u : AttributeReadOnly;
        int flags = NoAutomount | (isTree ? Recursive : 0);
        return RawCalls.Call(442, AT_FDCWD, (nint)path, flags, (nint)(&attributes), sizeof(MountAttributes));
    }

    /// <summary>The same of one mount, by mount(2), which takes all flags anew.</summary>
    public static nint Remount(byte* path, bool isReadOnly)
    {
        // struct statfs has 120 bytes on both processors.
        nint* found = stackalloc nint[16];
        nint result = RawCalls.Call(RawCalls.Number(137, 43), (nint)path, (nint)found, 0, 0, 0);
        if (result < 0)
        {
            return result;
        }

        nint flags = found[FlagsWord] & SameFlags;
        flags |= (found[FlagsWord] & NoSymlinksFound) != 0 ? NoSymlinks : 0;
        flags |= (found[FlagsWord] & RelativeTimesFound) != 0 ? (nint)MountFlags.RelativeTimes
            : (flags & NoTimes) != 0 ? 0
            : (nint)MountFlags.StrictTimes;
        MountFlags wanted = MountFlags.Remount | MountFlags.Bind | (isReadOnly ? MountFlags.ReadOnly : 0);
        return Mount(null, path, null, wanted | (MountFlags)flags, null);
    }

    /// <summary>fstatat(2), which follows links.</summary>
    public static nint Examine(byte* path, Tmds.Linux.stat* status) =>
        RawCalls.Call(RawCalls.Number(262, 79), AT_FDCWD, (nint)path, (nint)status, NoAutomount, 0);

    /// <summary>mkdirat(2).</summary>
    public static nint MakeDirectory(byte* path, int mode) =>
        RawCalls.Call(RawCalls.Number(258, 34), AT_FDCWD, (nint)path, mode, 0, 0);

    /// <summary>mknodat(2).</summary>
    public static nint MakeNode(byte* path, int mode, int device) =>
        RawCalls.Call(RawCalls.Number(259, 33), AT_FDCWD, (nint)path, mode, device, 0);

    /// <summary>symlinkat(2).</summary>
    public static nint MakeLink(byte* target, byte* path) =>
        RawCalls.Call(RawCalls.Number(266, 36), (nint)target, AT_FDCWD, (nint)path, 0, 0);

    /// <summary>getcwd(2).</summary>
    public static nint CurrentDirectory(byte* room, int bytes) =>
        RawCalls.Call(RawCalls.Number(79, 17), (nint)room, bytes, 0, 0, 0);
}

/// <summary>Flags of mount(2), linux/mount.h.</summary>
[Flags]
internal enum MountFlags : long
{
    None = 0,
    ReadOnly = 1,
    NoSetuid = 2,
    NoDevices = 4,
    NoPrograms = 8,
    Remount = 0x20,
    Bind = 0x1000,
    Move = 0x2000,
    Tree = 0x4000,
    Slave = 0x80000,
    RelativeTimes = 0x200000,
    StrictTimes = 0x1000000,
}

/// <summary>The kernel's struct mount_attr.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MountAttributes
{
    public ulong Set;
    public ulong Clear;
    public ulong Propagation;
    public ulong UserNamespace;
}
