using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>
/// The system calls that may wait as long as a file system, a socket or a device does not answer. A helper makes them;
/// the tests have simulated ones. Paths end in a NUL.
/// </summary>
internal unsafe interface IPathCalls
{
    /// <summary>mkdir(2), with mode 0700.</summary>
    Errno MakeDirectory(byte* path);

    /// <summary>open(2), with mode 0600, and what is behind the descriptor.</summary>
    Errno Open(byte* path, OpenMode mode, out FdNumber fd);

    /// <summary>open(2) with O_CREAT and O_EXCL: a new file, which no other process can open, with mode 0000.</summary>
    Errno CreateFile(byte* path, OpenMode mode, out FdNumber fd);

    /// <summary>open(2) with O_PATH and O_NOFOLLOW: what is at the path itself.</summary>
    Errno OpenEntry(byte* path, out FdNumber fd);

    /// <summary>
    /// The numbers of <c>USER</c>, <c>USER:GROUP</c>, <c>USER:</c> or <c>:GROUP</c>, from /etc/passwd and /etc/group.
    /// </summary>
    Errno FindOwner(byte* owner, FileOwner* numbers);

    /// <summary>fchownat(2) of an open file, or of one opened by <see cref="OpenEntry"/>.</summary>
    Errno SetOwner(FdNumber fd, FileOwner owner);

    /// <summary>fchmod(2) of an open file, or the same for one opened by <see cref="OpenEntry"/>.</summary>
    Errno SetPermissions(FdNumber fd, uint mode);

    /// <summary>open(2) with O_PATH: above the standard streams, and close-on-exec.</summary>
    Errno OpenProgram(byte* path, out FdNumber fd);

    /// <summary>chdir(2).</summary>
    Errno ChangeDirectory(byte* path);

    /// <summary>getcwd(3), ended by a NUL.</summary>
    Errno CurrentDirectory(byte* room, int bytes);

    /// <summary>lstat(2).</summary>
    Errno IdentifyPath(byte* path, out FdIdentity identity);

    /// <summary>unlink(2).</summary>
    Errno Unlink(byte* path);

    /// <summary>rename(2).</summary>
    Errno Rename(byte* from, byte* to);

    /// <summary>socket(2).</summary>
    Errno Socket(SocketShape shape, out FdNumber fd);

    /// <summary>SO_REUSEADDR.</summary>
    Errno AllowReuse(FdNumber fd);

    /// <summary>bind(2); the file has this mode from its first moment, umask(2).</summary>
    Errno Bind(FdNumber fd, SocketAddress* address, uint mode);

    /// <summary>listen(2).</summary>
    Errno Listen(FdNumber fd, int backlog);

    /// <summary>O_NONBLOCK.</summary>
    Errno SetNonblocking(FdNumber fd);

    /// <summary>True if a process listens at the path of a unix socket: see <see cref="Errno.ECONNREFUSED"/>.</summary>
    Errno Probe(SocketAddress* address);

    /// <summary>
    /// True if a process has a socket that is bound to a path, listening or not. A connection to a listening socket is
    /// not made: connect(2) of the other type is refused with EPROTOTYPE, unix(7).
    /// </summary>
    bool IsBound(SocketAddress* address);

    /// <summary>fstat(2), and fstatfs(2): which calls may wait.</summary>
    Errno Examine(FdNumber fd, out FdIdentity identity, out FdBlocking blocking);

    /// <summary>
    /// Takes a table of descriptors of its own, with this one and without pipes and sockets of the daemon.
    /// </summary>
    void LeaveAllBut(FdNumber fd);

    /// <summary>Duplicates to a number from <see cref="HelperPlan.FirstHigh"/> on; none if refused.</summary>
    FdNumber Raise(FdNumber fd);

    /// <summary>True if it is a terminal, isatty(3): ENOTTY when it is not.</summary>
    Errno CheckTerminal(FdNumber fd);

    /// <summary>write(2) of a text that ends in a NUL.</summary>
    void Write(FdNumber fd, byte* text);

    /// <summary>write(2) of bytes, to be counted.</summary>
    Errno Write(FdNumber fd, byte* bytes, int count, ref int done);

    /// <summary>
    /// A file of memory, memfd_create(2), with all that a file has from where it is read: its own offset stays.
    /// </summary>
    Errno CopyToMemory(FdNumber fd, byte* room, int bytes, out FdNumber copy);

    /// <summary>True if a file can be executed, access(2).</summary>
    bool IsExecutable(byte* path);

    /// <summary>Looks for the processes of trees in /proc, and sends them signals.</summary>
    Errno WalkTrees(ProcessScanPlan* plan);

    /// <summary>Makes a control group, and opens it.</summary>
    Errno MakeGroup(GroupPlan* plan, out FdNumber fd);

    /// <summary>close(2); /dev/null takes the place of a standard stream.</summary>
    void Close(FdNumber fd);
}
