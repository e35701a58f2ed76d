using System;
using Daemonproxy.Kernels;
using Daemonproxy.Protocol;

namespace Daemonproxy.Fds;

/// <summary>The named descriptors that are there from the start.</summary>
/// <param name="closed">Which of 0, 1 and 2 were closed, a bit for each: those have no name.</param>
internal sealed class FirstFds(Kernel kernel, FdTable fds, int closed)
{
    /// <summary>
    /// Names them. What the daemon uses itself of standard input and output is /dev/null under that name, shown with
    /// the flags it had. <paramref name="notInherited"/> is a descriptor that the daemon opened itself.
    /// </summary>
    public void Assign(bool usesInput, bool usesOutput, FdNumber notInherited)
    {
        ReadOnlySpan<FdNumber> inherited = ListInherited(notInherited);
        FileFlags both = FileFlags.Read | FileFlags.Write;
        Constant("null"u8, OpenNull(both), both, "/dev/null"u8, FdRole.Plain);
        Constant("control.cmd"u8, FdNumber.None, FileFlags.Write, "daemonproxy command pipe"u8, FdRole.ControlCommand);
        Constant("control.event"u8, FdNumber.None, FileFlags.Read, "daemonproxy event stream"u8, FdRole.ControlEvent);
        Constant("control.socket"u8, FdNumber.None, both, "daemonproxy control socket"u8, FdRole.ControlSocket);
        Standard("stdin"u8, new FdNumber(0), usesInput);
        Standard("stdout"u8, new FdNumber(1), usesOutput);
        Standard("stderr"u8, new FdNumber(2), isUsed: false);
        foreach (FdNumber number in inherited)
        {
            NameInherited(number);
        }
    }

    // Before anything is opened here, so that these are the ones that somebody else opened for us.
    private FdNumber[] ListInherited(FdNumber notInherited)
    {
        FdNumber[] found = new FdNumber[fds.Capacity];
        int count = 0;
        FdNumber next = kernel.NextOpen(new FdNumber(2));
        while (!next.IsNone && count < found.Length)
        {
            found[count] = next;
            count += next == notInherited ? 0 : 1;
            next = kernel.NextOpen(next);
        }

        return found[..count];
    }

    private void NameInherited(FdNumber number)
    {
        EventLine name = new(new byte[FdName.Longest + 1]);
        name.Text("fd_"u8);
        name.Integer(number.Value);
        if (kernel.Identify(number, out FdIdentity identity) == Errno.None)
        {
            Inherited(NewTarget(name.Written), number, identity);
        }
    }

    private void Constant(
        ReadOnlySpan<byte> name, FdNumber number, FileFlags flags, ReadOnlySpan<byte> text, FdRole role)
    {
        FdIndex index = fds.Assign(NewTarget(name), FdType.Special, (uint)flags, number, text);
        fds.MakeConstant(index, role);
    }

    private void Standard(ReadOnlySpan<byte> name, FdNumber number, bool isUsed)
    {
        bool wasOpen = (closed & (1 << number.Value)) == 0;
        if (kernel.Identify(number, out FdIdentity identity) != Errno.None || !wasOpen)
        {
            return;
        }

        if (isUsed)
        {
            FileFlags flags = FlagsOf(identity);
            fds.Assign(NewTarget(name), FdType.File, (uint)flags, OpenNull(flags), "unknown"u8);
            return;
        }

        Inherited(NewTarget(name), number, identity);
    }

    private void Inherited(in FdTarget target, FdNumber number, in FdIdentity identity)
    {
        bool isSocket = identity.Kind == FdKind.Socket;
        uint flags = isSocket ? (uint)SocketFlagsOf(identity) : (uint)FlagsOf(identity);
        fds.Assign(target, isSocket ? FdType.Socket : FdType.File, flags, number, "unknown"u8);
    }

    private FdNumber OpenNull(FileFlags flags)
    {
        OpenMode mode = (flags & FileFlags.Read) != 0 ? OpenMode.Read : 0;
        mode |= (flags & FileFlags.Write) != 0 ? OpenMode.Write : 0;
        Errno errno = kernel.Open("/dev/null\0"u8, mode, out FdNumber number);
        return errno == Errno.None ? number : FdNumber.None;
    }

    private FdTarget NewTarget(ReadOnlySpan<byte> name)
    {
        Verify.That(fds.HasRoom);
        Verify.That(Name.TryParse(name, FdName.Longest, out Name parsed));
        return new FdTarget(parsed, FdIndex.None);
    }

    private static FileFlags FlagsOf(in FdIdentity identity)
    {
        FileFlags flags = identity.Readable ? FileFlags.Read : FileFlags.None;
        flags |= identity.Writable ? FileFlags.Write : FileFlags.None;
        flags |= identity.Nonblocking ? FileFlags.Nonblock : FileFlags.None;
        return flags;
    }

    // The numbers of socket(2) on Linux: AF_UNIX 1, AF_INET 2, AF_INET6 10; SOCK_STREAM 1, SOCK_DGRAM 2,
    // SOCK_SEQPACKET 5.
    private static SocketFlags SocketFlagsOf(in FdIdentity identity)
    {
        SocketFlags flags = identity.SocketDomain switch
        {
            1 => SocketFlags.Unix,
            2 => SocketFlags.Inet,
            10 => SocketFlags.Inet6,
            _ => SocketFlags.None,
        };
        flags |= identity.SocketType switch
        {
            1 => SocketFlags.Stream,
            2 => SocketFlags.Dgram,
            5 => SocketFlags.Seqpacket,
            _ => SocketFlags.None,
        };
        return identity.Nonblocking ? flags | SocketFlags.Nonblock : flags;
    }
}
