using System;
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>The number of connections that wait at a unix socket: sock_diag(7), which ss(8) uses.</summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    private const int AF_NETLINK = 16;
    private const int NETLINK_SOCK_DIAG = 4;
    private const ushort SOCK_DIAG_BY_FAMILY = 20;
    private const ushort NLM_F_REQUEST = 1;
    private const uint UDIAG_SHOW_RQLEN = 16;
    private const ushort UNIX_DIAG_RQLEN = 4;

    public override int CountWaiting(FdNumber listener)
    {
        int waiting = AskForWaiting(listener);
        return waiting >= 0 ? waiting : IsReady(listener, POLLIN) ? 1 : 0;
    }

    // Below 0 where the kernel does not say: it has no such diagnosis, or a filter refuses the socket.
    private int AskForWaiting(FdNumber listener)
    {
        if (Identify(listener, out FdIdentity identity) != Errno.None)
        {
            return -1;
        }

        int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
        if (netlink < 0)
        {
            return -1;
        }

        // The cookie of all ones is any.
        UnixDiagRequest request = new()
        {
            Length = (uint)sizeof(UnixDiagRequest),
            Type = SOCK_DIAG_BY_FAMILY,
            Flags = NLM_F_REQUEST,
            Family = (byte)AF_UNIX,
            States = uint.MaxValue,
            Inode = (uint)identity.Inode,
            Show = UDIAG_SHOW_RQLEN,
            Cookie = ulong.MaxValue,
        };
        const int AnswerBytes = 1024;
        byte* answer = stackalloc byte[AnswerBytes];
        nint bytes = -1;
        if (NativeMethods.send(netlink, &request, sizeof(UnixDiagRequest), MSG_DONTWAIT) >= 0)
        {
            bytes = (nint)recv(netlink, answer, AnswerBytes, MSG_DONTWAIT);
        }

        _ = close(netlink);
        return bytes < 0 ? -1 : Waiting(new ReadOnlySpan<byte>(answer, (int)bytes));
    }

    // Behind the header and struct unix_diag_msg come attributes: length, type, value, each at a multiple of 4.
    private static int Waiting(ReadOnlySpan<byte> answer)
    {
        const int Headers = 16 + 16;
        const int AttributeHeader = 4;
        if (answer.Length < Headers || MemoryMarshal.Read<ushort>(answer[4..]) != SOCK_DIAG_BY_FAMILY)
        {
            return -1;
        }

        ReadOnlySpan<byte> left = answer[Headers..];
        while (left.Length >= AttributeHeader)
        {
            int length = MemoryMarshal.Read<ushort>(left);
            if (length < AttributeHeader || length > left.Length)
            {
                break;
            }

            if (MemoryMarshal.Read<ushort>(left[2..]) == UNIX_DIAG_RQLEN && length >= AttributeHeader + sizeof(int))
            {
                return MemoryMarshal.Read<int>(left[AttributeHeader..]);
            }

            left = left[Math.Min((length + 3) & ~3, left.Length)..];
        }

        return -1;
    }

    // struct nlmsghdr and struct unix_diag_req.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct UnixDiagRequest
    {
        public uint Length;
        public ushort Type;
        public ushort Flags;
        public uint Sequence;
        public uint Port;
        public byte Family;
        public byte Protocol;
        public ushort Padding;
        public uint States;
        public uint Inode;
        public uint Show;
        public ulong Cookie;
    }
}
