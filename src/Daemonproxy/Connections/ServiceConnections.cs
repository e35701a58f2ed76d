using Daemonproxy.Access;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Daemonproxy.Services;

namespace Daemonproxy.Connections;

/// <summary>Connections of services that named control.socket, control.event or control.cmd.</summary>
internal sealed class ServiceConnections(SystemCalls kernel, ConnectionTable connections) : IServiceConnections
{
    public void EndFormer(in FixedName service)
    {
        foreach (Connection connection in connections.Used)
        {
            if (connection.Record.Kind == ConnectionKind.Service && connection.Record.Service.IsSame(service))
            {
                connection.EndBothWays();
            }
        }
    }

    public Errno TryOpen(
        in FixedName service,
        AccessPolicyIndex access,
        in WantedConnection wanted,
        out ServiceEnds ends,
        out int connection)
    {
        ends = ServiceEnds.None;
        connection = -1;
        if (!connections.HasSlotForOthers)
        {
            return Errno.EAGAIN;
        }

        FdNumber input = FdNumber.None;
        FdNumber output = FdNumber.None;
        Errno errno = wanted.Socket
            ? OpenSocket(ref input, ref output, ref ends)
            : OpenPipes(wanted.Events, wanted.Commands, ref input, ref output, ref ends);
        if (errno == Errno.None)
        {
            Connection? opened = connections.TryOpen(
                ConnectionKind.Service, input, output, isOutputShared: false, access);
            opened?.BelongTo(service);
            connection = opened?.Index ?? -1;
            errno = opened is null ? Errno.ENOMEM : Errno.None;
        }

        if (errno != Errno.None)
        {
            CloseEnds(ends);
            Close(input);
            Close(output == input ? FdNumber.None : output);
            ends = ServiceEnds.None;
        }

        return errno;
    }

    public void Settle(int connection, ServiceEnds ends)
    {
        CloseEnds(ends);
        connections.All[connection].BeginSignalDump();
    }

    public void Abandon(int connection, ServiceEnds ends)
    {
        CloseEnds(ends);
        connections.Drop(connections.All[connection]);
    }

    private Errno OpenSocket(ref FdNumber input, ref FdNumber output, ref ServiceEnds ends)
    {
        Errno errno = kernel.SocketPair(SocketShape.UnixStream, out FdNumber ours, out FdNumber theirs);
        if (errno == Errno.None)
        {
            input = ours;
            output = ours;
            ends = new ServiceEnds(theirs, theirs);
            errno = kernel.SetNonblocking(ours, true);
        }

        return errno;
    }

    private Errno OpenPipes(
        bool events, bool commands, ref FdNumber input, ref FdNumber output, ref ServiceEnds ends)
    {
        Errno errno = Errno.None;
        if (events)
        {
            errno = kernel.Pipe(out FdNumber theirs, out output);
            ends = ends with { Events = errno == Errno.None ? theirs : FdNumber.None };
            output = errno == Errno.None ? output : FdNumber.None;
            errno = errno == Errno.None ? kernel.SetNonblocking(output, true) : errno;
        }

        if (commands && errno == Errno.None)
        {
            errno = kernel.Pipe(out input, out FdNumber theirs);
            ends = ends with { Commands = errno == Errno.None ? theirs : FdNumber.None };
            input = errno == Errno.None ? input : FdNumber.None;
            errno = errno == Errno.None ? kernel.SetNonblocking(input, true) : errno;
        }

        return errno;
    }

    private void CloseEnds(ServiceEnds ends)
    {
        Close(ends.Commands);
        Close(ends.Events == ends.Commands ? FdNumber.None : ends.Events);
    }

    private void Close(FdNumber fd)
    {
        if (!fd.IsNone)
        {
            kernel.Close(fd);
        }
    }
}
