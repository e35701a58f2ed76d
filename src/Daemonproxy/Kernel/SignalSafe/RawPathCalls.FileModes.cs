// Calls of helpers, which are cloned children: the conditions in SignalSafeCalls.cs hold for all of this file.
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>Files that are made for others.</summary>
internal readonly unsafe partial struct RawPathCalls
{
    // The folder, a number, and a NUL.
    private const int DescriptorPathBytes = 32;

    // Set in Prepare.
    public static byte* OwnDescriptors;

    public Errno CreateFile(byte* path, OpenMode mode, out FdNumber fd)
    {
        int flags = FlagsOf(mode) | O_CREAT | O_EXCL;
        nint made = RawCalls.Call(RawCalls.Number(257, 56), AT_FDCWD, (nint)path, flags, 0, 0);
        fd = FdNumber.Of((int)made);
        return RawCalls.ReasonOf(made);
    }

    public Errno OpenEntry(byte* path, out FdNumber fd)
    {
        nint opened = Open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
        fd = FdNumber.Of((int)opened);
        return RawCalls.ReasonOf(opened);
    }

    public Errno FindOwner(byte* owner, FileOwner* numbers) => OwnerLookup.Find(owner, numbers);

    public Errno SetOwner(FdNumber fd, FileOwner owner)
    {
        byte empty = 0;
        return RawCalls.ReasonOf(RawCalls.Call(
            RawCalls.Number(260, 54), fd.Value, (nint)(&empty), (nint)owner.User, (nint)owner.Group, AT_EMPTY_PATH));
    }

    // fchmod(2) refuses what was opened with O_PATH. fchmodat2(2) takes it from Linux 6.6 on; before that, a path to
    // the descriptor leads to it, which needs /proc.
    public Errno SetPermissions(FdNumber fd, uint mode)
    {
        const int Fchmodat2 = 452;
        Errno reason = RawCalls.ReasonOf(RawCalls.Call(RawCalls.Number(91, 52), fd.Value, (nint)mode, 0, 0, 0));
        if (reason == Errno.EBADF)
        {
            byte empty = 0;
            reason = RawCalls.ReasonOf(
                RawCalls.Call(Fchmodat2, fd.Value, (nint)(&empty), (nint)mode, AT_EMPTY_PATH, 0));
        }

        if (reason == Errno.ENOSYS)
        {
            byte* path = stackalloc byte[DescriptorPathBytes];
            byte* at = path;
            for (byte* folder = OwnDescriptors; *folder != 0; folder++)
            {
                *at++ = *folder;
            }

            CgroupDirectory.WriteNumber(at, fd.Value);
            reason = RawCalls.ReasonOf(
                RawCalls.Call(RawCalls.Number(268, 53), AT_FDCWD, (nint)path, (nint)mode, 0, 0));
        }

        return reason;
    }
}
