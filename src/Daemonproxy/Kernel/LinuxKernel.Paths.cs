using System;

namespace Daemonproxy.Kernels;

/// <summary>
/// The filesystem by name: mkdir(2), chdir(2), getcwd(3), lstat(2), unlink(2), rename(2). The mask of what is created
/// is ours for the call only, as the program in our place gets the one we were started with; no other thread creates
/// anything meanwhile.
/// </summary>
internal sealed unsafe partial class LinuxKernel
{
    /// <summary>What is created is for the owner: 0700.</summary>
    private const uint DirectoryMode = 0x1C0;

    /// <summary>umask(2) 077: everything for the owner, and for nobody else.</summary>
    private const uint OwnersOnly = 0x3F;

    // The larger struct stat, that of x64; the size of the file is at the same place in both.
    private const int StatBytes = 144;
    private const int StatSize = 48;

    private static int StatMode => Native.IsArm64 ? 16 : 24;

    public override Errno MakeDirectory(ReadOnlySpan<byte> path)
    {
        Verify.That(path[^1] == 0);
        fixed (byte* name = path)
        {
            uint mask = Bare.umask(OwnersOnly);
            Errno reason = Native.mkdir(name, DirectoryMode) < 0 ? Bare.LastError : Errno.None;
            _ = Bare.umask(mask);
            return reason;
        }
    }

    public override Errno ChangeDirectory(ReadOnlySpan<byte> path)
    {
        Verify.That(path[^1] == 0);
        fixed (byte* name = path)
        {
            return Native.chdir(name) < 0 ? Bare.LastError : Errno.None;
        }
    }

    public override Errno CurrentDirectory(Span<byte> room, out int length)
    {
        length = 0;
        fixed (byte* start = room)
        {
            if (Native.getcwd(start, (nuint)room.Length) == null)
            {
                return Bare.LastError;
            }
        }

        // One outside of our root has a path that leads nowhere, "(unreachable)/…".
        length = room.IndexOf((byte)0);
        return room[0] == (byte)'/' ? Errno.None : Errno.ENOENT;
    }

    public override Errno IdentifyPath(ReadOnlySpan<byte> path, out FdIdentity identity)
    {
        Verify.That(path[^1] == 0);
        byte* stat = stackalloc byte[StatBytes];
        identity = default;
        fixed (byte* name = path)
        {
            if (Native.lstat(name, stat) < 0)
            {
                return Bare.LastError;
            }
        }

        SetFile(stat, ref identity);
        return Errno.None;
    }

    public override Errno Unlink(ReadOnlySpan<byte> path)
    {
        Verify.That(path[^1] == 0);
        fixed (byte* name = path)
        {
            return Native.unlink(name) < 0 ? Bare.LastError : Errno.None;
        }
    }

    public override Errno Rename(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        Verify.That(from[^1] == 0 && to[^1] == 0);
        fixed (byte* present = from)
        fixed (byte* wanted = to)
        {
            return Native.rename(present, wanted) < 0 ? Bare.LastError : Errno.None;
        }
    }

    // What struct stat says of a file, whether it was asked for by name or by descriptor.
    private static void SetFile(byte* stat, ref FdIdentity identity)
    {
        identity.Device = *(ulong*)stat;
        identity.Inode = *(ulong*)(stat + sizeof(ulong));
        identity.Mode = *(uint*)(stat + StatMode);
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
