using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>Notify sockets: socket(2), recvmsg(2) with credentials, getsid(2), getrandom(2).</summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    // linux/socket.h, linux/fcntl.h.
    private const int ScmCredentials = 2;
    private const int SoPassCredentials = 16;
    private const int GetSeals = 1034;

    // linux/random.h: before the pool is ready, as early as process 1 runs, there is an answer all the same, from
    // Linux 5.6 on.
    private const int GrndInsecure = 4;
    private const int GrndNonblock = 1;

    private ulong _numbers;

    public override Errno NotifySocket(out FdNumber fd)
    {
        Errno reason;
        do
        {
            fd = new FdNumber(socket((int)SocketDomain.Unix, (int)SocketType.Datagram | SOCK_NONBLOCK, 0));
            reason = fd.IsNone ? SignalSafeCalls.LastError : Errno.None;
        }
        while (HasRaisedOpenFiles(reason));
        int yes = 1;
        if (fd.IsNone || setsockopt(fd.Value, SOL_SOCKET, SoPassCredentials, &yes, sizeof(int)) == 0)
        {
            return reason;
        }

        reason = SignalSafeCalls.LastError;
        _ = close(fd.Value);
        fd = FdNumber.None;
        return reason;
    }

    public override Errno ReceiveMessage(
        FdNumber fd,
        Span<byte> free,
        ref int received,
        ref SenderCredentials sender,
        Span<FdNumber> passed,
        ref int passedCount,
        Span<FdNumber> surplus,
        out int surplusCount)
    {
        surplusCount = 0;
        byte* control = stackalloc byte[ControlBytes];
        nint count = ReceiveWith(fd, free, control, out msghdr message);
        if (count < 0)
        {
            return SignalSafeCalls.LastError;
        }

        sender = default;
        TakeSender(control, (uint)message.msg_controllen, ref sender);
        TakeDescriptors(control, (uint)message.msg_controllen, passed, ref passedCount, surplus, ref surplusCount);
        if ((message.msg_flags & MSG_TRUNC) != 0)
        {
            return Errno.EMSGSIZE;
        }

        received = (int)count + 1;
        return Errno.None;
    }

    public override void Classify(FdNumber fd, out FdIdentity identity, out FdBlocking blocking)
    {
        // Neither asks the file system: fcntl(2) knows pipes and memory by their operations, and so does getsockopt(2).
        // A fifo is a pipe to fcntl(2), and has a file system.
        bool isPipe = IsPipe(fd) && IsNamelessPipe(fd);
        bool isMemory = RawCalls.Fcntl(fd.Value, GetSeals, 0) >= 0;
        bool isSocket = SocketOption(fd, SO_DOMAIN) != 0;
        if (isPipe || isMemory || isSocket)
        {
            Identify(fd, out identity);
            blocking = isSocket ? FdBlocking.Close : FdBlocking.None;
            return;
        }

        int flags = (int)RawCalls.Fcntl(fd.Value, F_GETFL, 0);
        bool isUsable = flags >= 0 && (flags & O_PATH) == 0;
        blocking = FdBlocking.All;
        identity = new FdIdentity
        {
            Kind = FdKind.File,
            Readable = isUsable && (flags & O_ACCMODE) != O_WRONLY,
            Writable = isUsable && (flags & O_ACCMODE) != 0,
            Nonblocking = (flags & O_NONBLOCK) != 0,
            Appending = (flags & O_APPEND) != 0,
        };
    }

    public override Pid SessionOf(Pid pid)
    {
        nint session = pid.Value <= 0 ? 0 : RawCalls.Call(RawCalls.Number(124, 156), pid.Value, 0, 0, 0, 0);
        return new Pid(session < 0 ? 0 : (int)session);
    }

    public override ulong RandomNumber()
    {
        ulong number = 0;
        bool isRandom = TryRandom(&number, GrndInsecure) || TryRandom(&number, GrndNonblock);
        if (!isRandom || number == 0)
        {
            // An old kernel whose pool is not ready: at least no two are the same.
            number = ((ulong)Now().Nanoseconds * 0x9E37_79B9_7F4A_7C15) ^ ++_numbers ^ ((ulong)OwnPid().Value << 32);
        }

        return number == 0 ? 1 : number;
    }

    private static bool TryRandom(ulong* number, int flags) =>
        RawCalls.Call(RawCalls.Number(318, 278), (nint)number, sizeof(ulong), flags, 0, 0) == sizeof(ulong);

    private static void TakeSender(byte* control, nuint bytes, ref SenderCredentials sender)
    {
        ControlMessageReader messages = new(control, bytes);
        while (messages.TryNext())
        {
            if (messages.Type == ScmCredentials && messages.Length >= (nuint)sizeof(SenderCredentials))
            {
                sender = *(SenderCredentials*)messages.Data;
            }
        }
    }
}
