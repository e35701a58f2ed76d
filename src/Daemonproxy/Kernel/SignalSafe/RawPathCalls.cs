// Calls of helpers, which are cloned children: the conditions in SignalSafeCalls.cs hold for all of this file.
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>The system calls of helpers, which leave errno alone: see <see cref="RawCalls"/>.</summary>
internal readonly unsafe partial struct RawPathCalls : IPathCalls
{
    /// <summary>Files are created with mode 0600, directories with mode 0700.</summary>
    private const int FileMode = 0x180;
    private const int DirectoryMode = 0x1C0;

    /// <summary>ioctl_tty(2): reads the settings of a terminal, struct termios, and more room than it takes.</summary>
    private const int TCGETS = 0x5401;
    private const int TerminalWords = 16;
    private const int X_OK = 1;

    /// <summary>The standard streams are those up to this number.</summary>
    private const int LastStandard = 2;

    // /dev/null, and what stands in for it. Set in Prepare.
    public static byte* Null;
    public static byte* Root;

    public Errno MakeDirectory(byte* path) =>
        RawCalls.ReasonOf(RawCalls.Call(RawCalls.Number(258, 34), AT_FDCWD, (nint)path, DirectoryMode, 0, 0));

    // Afterwards the requested flags are set. A regular file with a lease fails with EAGAIN without waiting, fcntl(2),
    // F_SETLEASE: a helper can wait for the end of the lease.
    public Errno Open(byte* path, OpenMode mode, out FdNumber fd)
    {
        int flags = FlagsOf(mode);
        bool isAtOnce = (mode & OpenMode.AtOnce) != 0;
        nint opened = Open(path, isAtOnce ? flags | O_NONBLOCK : flags);
        if (opened == -(int)Errno.EAGAIN && (flags & O_NONBLOCK) == 0
            && IdentifyPath(path, out FdIdentity file, 0) == Errno.None && file.Kind == FdKind.File)
        {
            opened = Open(path, flags);
        }
        else if (opened >= 0 && isAtOnce && (flags & O_NONBLOCK) == 0)
        {
            RawCalls.Fcntl((int)opened, F_SETFL, flags & O_APPEND);
        }

        fd = FdNumber.Of((int)opened);
        return RawCalls.ReasonOf(opened);
    }

    public Errno OpenProgram(byte* path, out FdNumber fd)
    {
        nint opened = Open(path, O_PATH | O_CLOEXEC);
        if (opened is >= 0 and <= LastStandard)
        {
            nint moved = RawCalls.Fcntl((int)opened, F_DUPFD_CLOEXEC, LastStandard + 1);
            RawCalls.Close((int)opened);
            opened = moved;
        }

        fd = FdNumber.Of((int)opened);
        return RawCalls.ReasonOf(opened);
    }

    public Errno ChangeDirectory(byte* path) =>
        RawCalls.ReasonOf(RawCalls.Call(RawCalls.Number(80, 49), (nint)path, 0, 0, 0, 0));

    // One outside of our root has a path that leads nowhere, "(unreachable)/…".
    public Errno CurrentDirectory(byte* room, int bytes)
    {
        Errno reason = RawCalls.ReasonOf(RawCalls.Call(RawCalls.Number(79, 17), (nint)room, bytes, 0, 0, 0));
        return reason == Errno.None && *room != (byte)'/' ? Errno.ENOENT : reason;
    }

    public Errno WalkTrees(ProcessScanPlan* plan) => ProcessScan.Run(plan);

    public Errno MakeGroup(GroupPlan* plan, out FdNumber fd) => CgroupMaker.Run(plan, out fd);

    public Errno CheckTerminal(FdNumber fd)
    {
        long* settings = stackalloc long[TerminalWords];
        return RawCalls.ReasonOf(RawCalls.Call(RawCalls.Number(16, 29), fd.Value, TCGETS, (nint)settings, 0, 0));
    }

    public void Write(FdNumber fd, byte* text)
    {
        nint length = 0;
        while (text[length] != 0)
        {
            length++;
        }

        RawCalls.Write(fd.Value, text, length);
    }

    public Errno Write(FdNumber fd, byte* bytes, int count, ref int done)
    {
        nint written = RawCalls.Call(RawCalls.Number(1, 64), fd.Value, (nint)bytes, count, 0, 0);
        done += written > 0 ? (int)written : 0;
        return RawCalls.ReasonOf(written);
    }

    public bool IsExecutable(byte* path) =>
        RawCalls.Call(RawCalls.Number(269, 48), AT_FDCWD, (nint)path, X_OK, 0, 0) == 0;

    public Errno IdentifyPath(byte* path, out FdIdentity identity) =>
        IdentifyPath(path, out identity, AT_SYMLINK_NOFOLLOW);

    public Errno Unlink(byte* path) =>
        RawCalls.ReasonOf(RawCalls.Call(RawCalls.Number(263, 35), AT_FDCWD, (nint)path, 0, 0, 0));

    public Errno Rename(byte* from, byte* to) =>
        RawCalls.ReasonOf(RawCalls.Call(RawCalls.Number(264, 38), AT_FDCWD, (nint)from, AT_FDCWD, (nint)to, 0));

    public Errno Socket(SocketShape shape, out FdNumber fd) => Socket(shape, 0, out fd);

    public Errno AllowReuse(FdNumber fd)
    {
        int yes = 1;
        return RawCalls.ReasonOf(RawCalls.Call(
            RawCalls.Number(54, 208), fd.Value, SOL_SOCKET, SO_REUSEADDR, (nint)(&yes), sizeof(int)));
    }

    public Errno Bind(FdNumber fd, SocketAddress* address, uint mode)
    {
        uint mask = RawCalls.SetUmask(0x1FF & ~mode);
        nint result = RawCalls.Call(RawCalls.Number(49, 200), fd.Value, (nint)address, address->Length, 0, 0);
        RawCalls.SetUmask(mask);
        return RawCalls.ReasonOf(result);
    }

    public Errno Listen(FdNumber fd, int backlog) =>
        RawCalls.ReasonOf(RawCalls.Call(RawCalls.Number(50, 201), fd.Value, backlog, 0, 0, 0));

    public Errno SetNonblocking(FdNumber fd)
    {
        nint flags = RawCalls.Fcntl(fd.Value, F_GETFL, 0);
        return RawCalls.ReasonOf(flags < 0 ? flags : RawCalls.Fcntl(fd.Value, F_SETFL, flags | O_NONBLOCK));
    }

    // EAGAIN: a listener whose backlog is full.
    public Errno Probe(SocketAddress* address)
    {
        Errno reason = Connect(SocketShape.UnixStream, address);
        return reason == Errno.EAGAIN ? Errno.None : reason;
    }

    public bool IsBound(SocketAddress* address) =>
        Connect(SocketShape.UnixDatagram, address) is not (Errno.ECONNREFUSED or Errno.ENOENT);

    public Errno Examine(FdNumber fd, out FdIdentity identity, out FdBlocking blocking)
    {
        // struct statfs has 120 bytes on both processors; f_type is the first word.
        long* fileSystem = stackalloc long[16];
        bool isLocal = RawCalls.Call(RawCalls.Number(138, 44), fd.Value, (nint)fileSystem, 0, 0, 0) >= 0
            && FileSystems.IsLocal(*fileSystem);
        blocking = FdBlocking.All;
        Errno reason = Identify(fd.Value, out identity, out ulong device);
        if (reason == Errno.None && isLocal)
        {
            blocking = CloseMayWait(identity, device) ? FdBlocking.Close : FdBlocking.None;
        }

        return reason;
    }

    /// <summary>The kind of an open descriptor, fcntl(2), fstat(2), getsockopt(2).</summary>
    public static Errno Identify(int fd, out FdIdentity identity) => Identify(fd, out identity, out _);

    private static Errno Identify(int fd, out FdIdentity identity, out ulong device)
    {
        stat status = default;
        identity = default;
        device = 0;
        nint flags = RawCalls.Fcntl(fd, F_GETFL, 0);
        nint result = flags < 0 ? flags
            : RawCalls.Call(RawCalls.Number(5, 80), fd, (nint)(&status), 0, 0, 0);
        if (result < 0)
        {
            return RawCalls.ReasonOf(result);
        }

        device = (ulong)status.st_rdev;
        StatIdentity.Set(&status, ref identity);
        bool isUsable = (flags & O_PATH) == 0;
        identity.Readable = isUsable && (flags & O_ACCMODE) != O_WRONLY;
        identity.Writable = isUsable && (flags & O_ACCMODE) != 0;
        identity.Nonblocking = (flags & O_NONBLOCK) != 0;
        identity.Appending = (flags & O_APPEND) != 0;
        if (identity.Kind == FdKind.Socket)
        {
            identity.SocketDomain = Option(fd, SO_DOMAIN);
            identity.SocketType = Option(fd, SO_TYPE);
        }

        return Errno.None;
    }

    public FdNumber Raise(FdNumber fd)
    {
        nint high = RawCalls.Fcntl(fd.Value, F_DUPFD, HelperPlan.FirstHigh);
        return FdNumber.Of((int)high);
    }

    // Closing others from FirstHigh on might wait, and the standard ones may be such files, too: those stay.
    public void LeaveAllBut(FdNumber fd)
    {
        if (RawCalls.LeaveFrom((uint)fd.Value + 1) >= 0 && fd.Value > LastStandard + 1)
        {
            int last = fd.Value <= HelperPlan.FirstHigh ? fd.Value - 1 : HelperPlan.FirstHigh - 1;
            RawCalls.CloseRange(LastStandard + 1, (uint)last);
        }
    }

    public void Close(FdNumber fd)
    {
        if (fd.Value > LastStandard)
        {
            RawCalls.Close(fd.Value);
            return;
        }

        nint nothing = Open(Null, O_RDWR);
        nothing = nothing < 0 ? Open(Root, 0) : nothing;
        if (nothing < 0)
        {
            RawCalls.Close(fd.Value);
            return;
        }

        RawCalls.Duplicate((int)nothing, fd.Value);
        RawCalls.Close((int)nothing);
    }

    private static Errno Connect(SocketShape shape, SocketAddress* address)
    {
        Errno reason = Socket(shape, SOCK_NONBLOCK | SOCK_CLOEXEC, out FdNumber fd);
        if (reason == Errno.None)
        {
            reason = RawCalls.ReasonOf(RawCalls.Call(
                RawCalls.Number(42, 203), fd.Value, (nint)address, address->Length, 0, 0));
            RawCalls.Close(fd.Value);
        }

        return reason;
    }

    private static Errno Socket(SocketShape shape, int flags, out FdNumber fd)
    {
        nint made = RawCalls.Call(
            RawCalls.Number(41, 198), (int)shape.Domain, (int)shape.Type | flags, 0, 0, 0);
        fd = FdNumber.Of((int)made);
        return RawCalls.ReasonOf(made);
    }

    private static Errno IdentifyPath(byte* path, out FdIdentity identity, int flags)
    {
        stat status;
        identity = default;
        nint result = RawCalls.Call(
            RawCalls.Number(262, 79), AT_FDCWD, (nint)path, (nint)(&status), flags, 0);
        if (result >= 0)
        {
            StatIdentity.Set(&status, ref identity);
        }

        return RawCalls.ReasonOf(result);
    }

    private static nint Open(byte* path, int flags) =>
        RawCalls.Call(RawCalls.Number(257, 56), AT_FDCWD, (nint)path, flags, FileMode, 0);

    /// <summary>
    /// The flags of open(2), but for O_CLOEXEC; <see cref="OpenMode.AtOnce"/> takes a second call.
    /// </summary>
    public static int FlagsOf(OpenMode mode)
    {
        int flags = O_NOCTTY;
        if ((mode & OpenMode.Write) != 0)
        {
            flags |= (mode & OpenMode.Read) != 0 ? O_RDWR : O_WRONLY;
        }

        flags |= (mode & OpenMode.Append) != 0 ? O_APPEND : 0;
        flags |= (mode & OpenMode.Create) != 0 ? O_CREAT : 0;
        flags |= (mode & OpenMode.Truncate) != 0 ? O_TRUNC : 0;
        flags |= (mode & OpenMode.Nonblocking) != 0 ? O_NONBLOCK : 0;
        return flags;
    }

    // A socket may linger, socket(7), and one of the unix domain may hold others. A device may drain, as a serial line
    // does; memory and pseudoterminals do not. An anonymous inode has no type.
    private static bool CloseMayWait(in FdIdentity identity, ulong device)
    {
        const uint CharacterDevice = 2;
        const uint Directory = 4;
        const ulong Memory = 1;
        const ulong FirstPseudo = 136;
        const ulong LastPseudo = 143;
        ulong major = ((device >> 8) & 0xFFF) | ((device >> 32) & ~0xFFFUL);
        return (identity.Mode >> 12) switch
        {
            CharacterDevice => major is not (Memory or (>= FirstPseudo and <= LastPseudo)),
            Directory => false,
            _ => identity.Kind is not (FdKind.File or FdKind.Pipe),
        };
    }

    private static ushort Option(int fd, int option)
    {
        int value = 0;
        int bytes = sizeof(int);
        nint result = RawCalls.Call(
            RawCalls.Number(55, 209), fd, SOL_SOCKET, option, (nint)(&value), (nint)(&bytes));
        return result < 0 ? (ushort)0 : (ushort)value;
    }
}
