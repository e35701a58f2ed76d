// Runs in a cloned child, beside us: the conditions in SignalSafeCalls.cs hold for all of this file, and it calls
// nothing but RawCalls and MountCalls, since errno may be the parent's, too.
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// Makes what is mounted at a path and below it read-only, or writable. The path becomes a mount if it is none.
/// </summary>
internal static unsafe class MountWritability
{
    /// <summary>
    /// Sets all mounts from a path on. Where the kernel has no call for a whole tree, one after the other; and so for
    /// the root, below which lies what is to be placed elsewhere.
    /// </summary>
    public static nint SetReadOnly(byte* path, bool isReadOnly, byte* scratch, int bytes)
    {
        bool isRoot = path[1] == 0;
        nint result = isRoot ? -(int)Errno.ENOSYS : MountCalls.SetAttributes(path, isReadOnly, isTree: true);
        if (result == -(int)Errno.EINVAL)
        {
            result = MountCalls.Mount(path, path, null, MountFlags.Bind | MountFlags.Tree, null);
            result = result < 0 ? result : MountCalls.SetAttributes(path, isReadOnly, isTree: true);
        }

        return IsRefused(result) ? SetOneByOne(path, isReadOnly, scratch, bytes) : result;
    }

    // A filter of a container answers EPERM to calls that it does not know.
    private static bool IsRefused(nint result) => result is -(int)Errno.ENOSYS or -(int)Errno.EPERM;

    private static nint SetOneByOne(byte* path, bool isReadOnly, byte* scratch, int bytes)
    {
        nint result = SetOne(path, isReadOnly);
        if (result == -(int)Errno.EINVAL)
        {
            result = MountCalls.Mount(path, path, null, MountFlags.Bind | MountFlags.Tree, null);
            result = result < 0 ? result : SetOne(path, isReadOnly);
        }

        ByteReader file = default;
        byte* line = scratch;
        int size = bytes / 2;
        if (result >= 0)
        {
            file.Open(MountInfoLine.File, scratch + size, size);
            while (result >= 0 && file.ReadLine(line, size - 1) != ByteReader.End)
            {
                byte* place = MountInfoLine.Field(line, MountInfoLine.Place);
                result = IsBelow(place, path) ? SetOne(place, isReadOnly) : 0;

                // Another mount covers this one: no path leads to it.
                result = ChildMounts.IsMissing(result) || result == -(int)Errno.EINVAL ? 0 : result;
            }

            result = result >= 0 && file.Reason != Errno.None ? -(int)file.Reason : result;
            file.Close();
        }

        return result;
    }

    private static nint SetOne(byte* path, bool isReadOnly)
    {
        nint result = MountCalls.SetAttributes(path, isReadOnly, isTree: false);
        return IsRefused(result) ? MountCalls.Remount(path, isReadOnly) : result;
    }

    private static bool IsBelow(byte* place, byte* path)
    {
        if (path[1] == 0)
        {
            return *place == (byte)'/';
        }

        while (*path != 0 && *path == *place)
        {
            path++;
            place++;
        }

        return *path == 0 && *place == (byte)'/';
    }
}
