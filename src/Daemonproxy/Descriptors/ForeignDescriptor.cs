using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Descriptors;

/// <summary>Describes a descriptor that another process opened: inherited, or passed with a line.</summary>
internal static class ForeignDescriptor
{
    /// <summary>Its text: its origin is unknown.</summary>
    public static System.ReadOnlySpan<byte> Text => "unknown"u8;

    /// <summary>Names it, as the file or the socket that it is.</summary>
    public static FdIndex Assign(FdTable fds, in FdTarget target, in ExaminedFd file)
    {
        bool isSocket = file.Identity.Kind == FdKind.Socket;
        uint flags = isSocket ? (uint)OfSocket(file.Identity) : (uint)OfFile(file.Identity);
        FdIndex index = fds.Assign(target, isSocket ? FdType.Socket : FdType.File, flags, file, Text);
        if (isSocket)
        {
            fds.NoteListening(index);
        }

        return index;
    }

    /// <summary>
    /// The calls on it that may wait; unknown of all but files. It asks the file system: before the loop begins.
    /// </summary>
    public static FdBlocking BlockingOf(SystemCalls kernel, FdNumber number, in FdIdentity identity)
    {
        FdBlocking blocking = FdBlocking.Unknown;
        if (identity.Kind != FdKind.File || kernel.TryExamine(number, out _, out blocking))
        {
            return blocking;
        }

        HelperPlan plan = new() { Task = HelperTask.Examine };
        plan.Fds[0] = number;
        plan.Answer.Fd = FdNumber.None;
        kernel.DoPlan(ref plan);
        if (!plan.Answer.Fd.IsNone)
        {
            kernel.Close(plan.Answer.Fd);
        }

        return plan.Answer.Blocking;
    }

    /// <summary>
    /// Gives one that may stop answering a high number, which launches leave behind, and closes the low one: a standard
    /// stream is /dev/null then. Before the loop begins. Returns its number.
    /// </summary>
    public static FdNumber Raise(SystemCalls kernel, FdNumber number, FdBlocking blocking)
    {
        if (blocking != FdBlocking.All || kernel.Duplicate(number, isHigh: true, out FdNumber high) != Errno.None)
        {
            return number;
        }

        HelperPlan plan = new() { Task = HelperTask.Close, FdCount = 1 };
        plan.Fds[0] = number;
        kernel.DoPlan(ref plan);
        return high;
    }

    public static FileFlags OfFile(in FdIdentity identity)
    {
        FileFlags flags = identity.Readable ? FileFlags.Read : FileFlags.None;
        flags |= identity.Writable ? FileFlags.Write : FileFlags.None;
        flags |= identity.Appending ? FileFlags.Append : FileFlags.None;
        flags |= identity.Nonblocking ? FileFlags.Nonblock : FileFlags.None;
        return flags;
    }

    private static SocketFlags OfSocket(in FdIdentity identity)
    {
        SocketFlags flags = (SocketDomain)identity.SocketDomain switch
        {
            SocketDomain.Unix => SocketFlags.Unix,
            SocketDomain.Inet => SocketFlags.Inet,
            SocketDomain.Inet6 => SocketFlags.Inet6,
            _ => SocketFlags.None,
        };
        flags |= (SocketType)identity.SocketType switch
        {
            SocketType.Stream => SocketFlags.Stream,
            SocketType.Datagram => SocketFlags.Dgram,
            SocketType.Sequential => SocketFlags.Seqpacket,
            _ => SocketFlags.None,
        };
        return identity.Nonblocking ? flags | SocketFlags.Nonblock : flags;
    }
}
