using System;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Commands;

/// <summary>Commands that make named sockets, and that name descriptors sent along.</summary>
internal sealed partial class FdCommands
{
    public CommandError FdSocket(scoped in FdSocketArguments arguments)
    {
        SocketFlags flags = SocketShapes.Canonical(arguments.Flags.Flags);
        bool hasAddress = arguments.AddressState == FieldState.Given;
        if (!hasAddress && (flags & SocketFlags.Bind) != 0)
        {
            return Errors.ExpectedAddress;
        }

        SocketShape shape = SocketShapes.Of(flags);
        SocketAddress address = default;
        if (hasAddress && !AddressText.TryParse(arguments.Address, shape.Domain, out address))
        {
            return Errors.BadAddress;
        }

        if (arguments.HasExtra)
        {
            return Errors.AfterAddress;
        }

        // Without a free record nothing is made: a command that fails changes nothing.
        flags |= hasAddress ? SocketFlags.Bind : SocketFlags.None;
        bool hasRoom = arguments.Name.Exists || fds.HasRoom;
        if (!hasRoom && hasAddress)
        {
            return Errors.FdFull;
        }

        int backlog = (int)arguments.Flags.Listen;
        CommandError error = MakeSocket(shape, flags, backlog, address, out FdNumber number);
        if (!error.IsNone)
        {
            return error;
        }

        if (!hasRoom)
        {
            kernel.Close(number);
            return Errors.FdFull;
        }

        FdIndex index = fds.Assign(arguments.Name, FdType.Socket, (uint)flags, number, arguments.Address);
        fds.SetBacklog(index, backlog);
        fds.Announce(index);
        return CommandError.None;
    }

    public CommandError FdTake(scoped in FdTakeArguments arguments)
    {
        if (!arguments.Name.Exists && !fds.HasRoom)
        {
            return Errors.FdFull;
        }

        kernel.Identify(arguments.Descriptor, out FdIdentity identity);
        fds.Announce(ForeignDescriptor.Assign(fds, arguments.Name, arguments.Descriptor, identity));
        return CommandError.None;
    }

    private CommandError MakeSocket(
        SocketShape shape, SocketFlags flags, int backlog, scoped in SocketAddress address, out FdNumber number)
    {
        Errno errno = kernel.Socket(shape, out number);
        if (errno != Errno.None)
        {
            return Errors.SocketFailed(errno);
        }

        CommandError error = (flags & SocketFlags.Bind) != 0 ? Bind(number, flags, address) : CommandError.None;
        if (!error.IsNone)
        {
            kernel.Close(number);
            return error;
        }

        error = Prepare(number, flags, backlog);
        if (!error.IsNone)
        {
            kernel.Close(number);
            if (shape.Domain == SocketDomain.Unix && (flags & SocketFlags.Bind) != 0)
            {
                kernel.Unlink(paths.Terminate(address.Path));
            }
        }

        return error;
    }

    private CommandError Bind(FdNumber number, SocketFlags flags, scoped in SocketAddress address)
    {
        Errno errno = kernel.AllowReuse(number);
        if (errno != Errno.None)
        {
            return Errors.SetsockoptFailed(errno);
        }

        if ((flags & SocketFlags.Mkdir) != 0 && address.Domain == SocketDomain.Unix)
        {
            paths.Terminate(address.Path);
            paths.MakeParents();
        }

        errno = kernel.Bind(number, address);
        return errno == Errno.None ? CommandError.None : Errors.BindFailed(errno);
    }

    // What is done to a socket that may have its address already.
    private CommandError Prepare(FdNumber number, SocketFlags flags, int backlog)
    {
        if ((flags & SocketFlags.Listen) != 0)
        {
            Errno errno = kernel.Listen(number, backlog);
            if (errno != Errno.None)
            {
                return Errors.ListenFailed(errno);
            }
        }

        if ((flags & SocketFlags.Nonblock) != 0)
        {
            Errno errno = kernel.SetNonblocking(number, true);
            if (errno != Errno.None)
            {
                return Errors.SocketNonblockFailed(errno);
            }
        }

        return CommandError.None;
    }
}
