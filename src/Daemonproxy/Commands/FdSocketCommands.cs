using System;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Helpers;
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
        FdFile file;
        CommandError error = hasAddress && shape.Domain == SocketDomain.Unix
            ? MakeAtPath(shape, flags, backlog, address, out file)
            : MakeSocket(shape, flags, backlog, address, out file);
        if (!error.IsNone || context.IsPostponed)
        {
            return error;
        }

        if (!hasRoom)
        {
            helper.Close(file.Number, file.Delay);
            return Errors.FdFull;
        }

        FdIndex index = fds.Assign(arguments.Name, FdType.Socket, (uint)flags, file, arguments.Address);
        fds.SetBacklog(index, backlog);
        fds.Announce(index);
        return CommandError.None;
    }

    public CommandError FdTake(scoped in FdTakeArguments arguments)
    {
        bool hasRoom = arguments.Name.Exists || fds.HasRoom;
        if (!helper.TryTakeAnswer(out HelperAnswer answer))
        {
            return hasRoom ? StartExamining(arguments.Descriptor) : Errors.FdFull;
        }

        bool isMoved = !answer.Fd.IsNone;
        if (answer.Reason != Errno.None || !hasRoom)
        {
            if (isMoved)
            {
                helper.Close(answer.Fd, answer.Delay);
            }

            return hasRoom ? Errors.TakeFailed(answer.Reason) : Errors.FdFull;
        }

        context.Connection.TryTakeDescriptor(out FdNumber number);
        if (isMoved)
        {
            helper.Close(number, answer.Delay);
            number = answer.Fd;
        }

        FdFile file = new(number, answer.Identity, answer.Delay);
        fds.Announce(ForeignDescriptor.Assign(fds, arguments.Name, file));
        return CommandError.None;
    }

    private CommandError StartExamining(FdNumber descriptor)
    {
        if (!helper.TryPrepare(HelperTask.Examine, default, out HelperSlot slot))
        {
            return CommandError.None;
        }

        slot.Plan.Fds[0] = descriptor;
        slot.Plan.FdCount = 1;
        Errno refused = helper.Start(slot);
        return refused == Errno.None ? CommandError.None : Errors.TakeFailed(refused);
    }

    // A helper gives a socket its path.
    private CommandError MakeAtPath(
        SocketShape shape, SocketFlags flags, int backlog, scoped in SocketAddress address, out FdFile file)
    {
        file = default;
        if (helper.TryTakeAnswer(out HelperAnswer answer))
        {
            file = new FdFile(answer.Fd, answer.Identity, FdDelay.Close);
            return answer.Reason == Errno.None ? CommandError.None : ErrorOf(answer);
        }

        if (!helper.TryPrepare(HelperTask.BindSocket, default, out HelperSlot slot))
        {
            return CommandError.None;
        }

        ref HelperPlan plan = ref slot.Plan;
        plan.Shape = shape;
        plan.Address = address;
        plan.Backlog = (flags & SocketFlags.Listen) != 0 ? backlog : 0;
        plan.MakesParents = (flags & SocketFlags.Mkdir) != 0;
        plan.Mode = (flags & SocketFlags.Nonblock) != 0 ? OpenMode.Nonblocking : 0;
        Errno refused = helper.Start(slot);
        return refused == Errno.None ? CommandError.None : Errors.SocketFailed(refused);
    }

    private static CommandError ErrorOf(HelperAnswer answer) => answer.Step switch
    {
        HelperStep.Socket => Errors.SocketFailed(answer.Reason),
        HelperStep.Reuse => Errors.SetsockoptFailed(answer.Reason),
        HelperStep.Listen => Errors.ListenFailed(answer.Reason),
        HelperStep.Nonblock => Errors.SocketNonblockFailed(answer.Reason),
        _ => Errors.BindFailed(answer.Reason),
    };

    // What has no path, and so cannot wait.
    private CommandError MakeSocket(
        SocketShape shape, SocketFlags flags, int backlog, scoped in SocketAddress address, out FdFile file)
    {
        file = default;
        Errno errno = kernel.Socket(shape, out FdNumber number);
        if (errno != Errno.None)
        {
            return Errors.SocketFailed(errno);
        }

        CommandError error = (flags & SocketFlags.Bind) != 0 ? Bind(number, address) : CommandError.None;
        error = error.IsNone ? Prepare(number, flags, backlog) : error;
        if (!error.IsNone)
        {
            kernel.Close(number);
            return error;
        }

        kernel.Identify(number, out FdIdentity identity);
        file = new FdFile(number, identity, FdDelay.Close);
        return error;
    }

    private CommandError Bind(FdNumber number, scoped in SocketAddress address)
    {
        Errno errno = kernel.AllowReuse(number);
        if (errno != Errno.None)
        {
            return Errors.SetsockoptFailed(errno);
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
