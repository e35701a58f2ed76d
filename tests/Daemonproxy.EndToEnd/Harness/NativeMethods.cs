using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>
/// The calls of the C library that Tmds.LibC lacks: posix_spawn(3) and waitpid(2), with their names as they are.
/// Processes are started by posix_spawn(3) and not by System.Diagnostics.Process, which decides about descriptors,
/// environment and signals itself. The load tool compiles this file too.
/// </summary>
internal static unsafe partial class NativeMethods
{
    public const int WNOHANG = 1;
    public const short POSIX_SPAWN_SETSIGDEF = 4;
    public const short POSIX_SPAWN_SETSIGMASK = 8;
    public const short POSIX_SPAWN_SETSID = 128;

    /// <summary>More bytes than posix_spawn_file_actions_t and posix_spawnattr_t have anywhere.</summary>
    public const int OpaqueBytes = 1024;

    [LibraryImport("libc.so.6")]
    public static partial int posix_spawn(
        int* pid, byte* path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc.so.6")]
    public static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc.so.6")]
    public static partial int posix_spawn_file_actions_adddup2(byte* actions, int from, int to);

    [LibraryImport("libc.so.6")]
    public static partial int posix_spawn_file_actions_addopen(
        byte* actions, int fd, byte* path, int flags, uint mode);

    [LibraryImport("libc.so.6")]
    public static partial int posix_spawn_file_actions_addclose(byte* actions, int fd);

    [LibraryImport("libc.so.6")]
    public static partial int posix_spawn_file_actions_addclosefrom_np(byte* actions, int from);

    [LibraryImport("libc.so.6")]
    public static partial int posix_spawn_file_actions_addchdir_np(byte* actions, byte* path);

    [LibraryImport("libc.so.6")]
    public static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc.so.6")]
    public static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc.so.6")]
    public static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc.so.6")]
    public static partial int posix_spawnattr_setsigmask(byte* attributes, sigset_t* set);

    [LibraryImport("libc.so.6")]
    public static partial int posix_spawnattr_setsigdefault(byte* attributes, sigset_t* set);

    [LibraryImport("libc.so.6")]
    public static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc.so.6", SetLastError = true)]
    public static partial int waitpid(int pid, int* status, int options);
}
