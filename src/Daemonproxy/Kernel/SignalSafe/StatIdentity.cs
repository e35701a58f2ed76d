// Also runs in cloned children that share our memory: the conditions in SignalSafeCalls.cs hold for all of this
// file.
using Tmds.Linux;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>Copies from a struct stat what identifies a file.</summary>
internal static unsafe class StatIdentity
{
    /// <summary>Sets the file, and leaves the flags of the descriptor.</summary>
    public static void Set(stat* status, ref FdIdentity identity)
    {
        identity.Device = (ulong)status->st_dev;
        identity.Inode = (ulong)status->st_ino;
        identity.Mode = (uint)status->st_mode;
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
