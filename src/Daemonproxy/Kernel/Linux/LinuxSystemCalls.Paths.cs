using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// The filesystem by name: mkdir(2), chdir(2), getcwd(3), lstat(2), unlink(2), rename(2). The mask of what is created
/// is ours for the call only, as the program in our place gets the one we were started with; no other thread creates
/// anything meanwhile.
/// </summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    /// <summary>Directories are created with mode 0700.</summary>
    private const ushort DirectoryMode = 0x1C0;

    /// <summary>umask(2) 077: everything for the owner, and for nobody else.</summary>
    private const uint OwnersOnly = 0x3F;

    public override Errno MakeDirectory(ReadOnlySpan<byte> path)
    {
        Assertion.Require(path[^1] == 0);
        fixed (byte* name = path)
        {
            uint mask = SignalSafeCalls.umask(OwnersOnly);
            Errno reason = mkdir(name, DirectoryMode) < 0 ? SignalSafeCalls.LastError : Errno.None;
            _ = SignalSafeCalls.umask(mask);
            return reason;
        }
    }

    public override Errno ChangeDirectory(ReadOnlySpan<byte> path)
    {
        Assertion.Require(path[^1] == 0);
        fixed (byte* name = path)
        {
            return chdir(name) < 0 ? SignalSafeCalls.LastError : Errno.None;
        }
    }

    public override Errno CurrentDirectory(Span<byte> room, out int length)
    {
        length = 0;
        fixed (byte* start = room)
        {
            if (getcwd(start, room.Length) == null)
            {
                return SignalSafeCalls.LastError;
            }
        }

        // One outside of our root has a path that leads nowhere, "(unreachable)/…".
        length = room.IndexOf((byte)0);
        return room[0] == (byte)'/' ? Errno.None : Errno.ENOENT;
    }

    public override Errno IdentifyPath(ReadOnlySpan<byte> path, out FdIdentity identity)
    {
        Assertion.Require(path[^1] == 0);
        stat status;
        identity = default;
        fixed (byte* name = path)
        {
            if (NativeMethods.lstat(name, &status) < 0)
            {
                return SignalSafeCalls.LastError;
            }
        }

        SetFile(status, ref identity);
        return Errno.None;
    }

    public override Errno Unlink(ReadOnlySpan<byte> path)
    {
        Assertion.Require(path[^1] == 0);
        fixed (byte* name = path)
        {
            return unlink(name) < 0 ? SignalSafeCalls.LastError : Errno.None;
        }
    }

    public override Errno Rename(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        Assertion.Require(from[^1] == 0 && to[^1] == 0);
        fixed (byte* present = from)
        fixed (byte* wanted = to)
        {
            return NativeMethods.rename(present, wanted) < 0 ? SignalSafeCalls.LastError : Errno.None;
        }
    }

    // What struct stat says of a file, whether it was asked for by name or by descriptor.
    private static void SetFile(in stat status, ref FdIdentity identity)
    {
        identity.Device = (ulong)status.st_dev;
        identity.Inode = (ulong)status.st_ino;
        identity.Mode = (uint)status.st_mode;
        identity.Kind = KindOf(identity.Mode);
    }

    private static FdKind KindOf(uint mode) => (mode >> 12) switch
    {
        8 => FdKind.File,
        1 => FdKind.Pipe,
        12 => FdKind.Socket,
        _ => FdKind.Other,
    };
}
