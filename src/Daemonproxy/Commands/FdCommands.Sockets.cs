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
        SocketFlags flags = SocketFlagResolver.Canonical(arguments.Flags.Flags);
        bool hasAddress = arguments.AddressState == FieldState.Given;
        if (!hasAddress && (flags & SocketFlags.Bind) != 0)
        {
            return Errors.ExpectedAddress;
        }

        SocketShape shape = SocketFlagResolver.Of(flags);
        SocketAddress address = default;
        if (hasAddress && !AddressParser.TryParse(arguments.Address, shape.Domain, out address))
        {
            return Errors.BadAddress;
        }

        if (arguments.HasExtra)
        {
            return Errors.AfterAddress;
        }

        bool hasFile = hasAddress && shape.Domain == SocketDomain.Unix;
        CommandError error = CheckRights(
            RightsOf(arguments), (flags & (SocketFlags.Mode | SocketFlags.Owner)) != 0, hasFile);
        if (!error.IsNone)
        {
            return error;
        }

        flags |= hasAddress ? SocketFlags.Bind : SocketFlags.None;
        SocketRequest request = new(shape, flags, (int)arguments.Flags.Listen, address);
        return hasFile ? MakeAtPath(arguments, request) : MakeWithoutPath(arguments, request);
    }

    private static FileRights RightsOf(scoped in FdSocketArguments arguments) =>
        new(arguments.Flags.Mode, arguments.Flags.Owner);

    // A helper gives a socket its path.
    private CommandError MakeAtPath(scoped in FdSocketArguments arguments, scoped in SocketRequest request)
    {
        bool isAlike = IsAlike(arguments, request);
        if (helper.TryTakeAnswer(out HelperAnswer answer, out HelperSlot slot))
        {
            if (answer.Reason != Errno.None)
            {
                return ErrorOf(answer);
            }

            if (answer.Step != HelperStep.Kept)
            {
                SocketFile made = new(slot.PathText, arguments.Address, answer.File);
                return Assign(arguments, request, new ExaminedFd(answer.Fd, answer.Identity, FdBlocking.Close), made);
            }

            if (isAlike && fds[arguments.Name.Index].File.IsSame(answer.File))
            {
                fds.Announce(arguments.Name.Index);
                return CommandError.None;
            }

            // Another connection has changed the socket meanwhile: the line begins anew.
        }

        // Without a free record nothing is made: a command that fails changes nothing.
        return arguments.Name.Exists || fds.HasRoom ? StartBinding(arguments, request, isAlike) : Errors.FdFull;
    }

    private CommandError StartBinding(
        scoped in FdSocketArguments arguments, scoped in SocketRequest request, bool isAlike)
    {
        if (!helper.TryPrepare(HelperTask.BindSocket, default, out HelperSlot slot))
        {
            return CommandError.None;
        }

        ref HelperPlan plan = ref slot.Plan;
        plan.Shape = request.Shape;
        plan.Address = request.Address;
        plan.Beside = SocketAddress.Beside(arguments.Address);
        plan.Backlog = (request.Flags & SocketFlags.Listen) != 0 ? request.Backlog : 0;
        plan.MakesParents = (request.Flags & SocketFlags.Mkdir) != 0;
        plan.Mode = (request.Flags & SocketFlags.Nonblock) != 0 ? OpenMode.Nonblocking : 0;
        plan.MayKeep = isAlike;
        slot.WriteRights((request.Flags & SocketFlags.Mode) != 0, (uint)arguments.Flags.Mode, arguments.Flags.Owner);
        if (arguments.Name.Exists)
        {
            fds[arguments.Name.Index].File.Plan(ref plan);
        }

        Errno refused = helper.Start(slot);
        return refused == Errno.None ? CommandError.None : Errors.SocketFailed(refused);
    }

    // An address without a path cannot block.
    private CommandError MakeWithoutPath(scoped in FdSocketArguments arguments, scoped in SocketRequest request)
    {
        bool hasAddress = (request.Flags & SocketFlags.Bind) != 0;
        bool hasRoom = arguments.Name.Exists || fds.HasRoom;
        if (!hasRoom && hasAddress)
        {
            return Errors.FdFull;
        }

        if (IsAlike(arguments, request))
        {
            fds.Announce(arguments.Name.Index);
            return CommandError.None;
        }

        CommandError error = Make(request, BoundBefore(arguments.Name), out ExaminedFd file);
        return error.IsNone ? Assign(arguments, request, file, default) : error;
    }

    // Gives a new socket its name.
    private CommandError Assign(
        scoped in FdSocketArguments arguments,
        scoped in SocketRequest request,
        ExaminedFd file,
        scoped in SocketFile path)
    {
        if (!arguments.Name.Exists && !fds.HasRoom)
        {
            helper.RemoveFile(path);
            helper.Close(file.Number, file.Blocking);
            return Errors.FdFull;
        }

        if (path.IsNone)
        {
            RemoveFileOf(arguments.Name);
        }

        FdIndex index = fds.Assign(
            arguments.Name, FdType.Socket, (uint)request.Flags, file, arguments.Address, RightsOf(arguments));
        fds.SetSocket(index, request.Backlog, path);
        fds.Announce(index);
        return CommandError.None;
    }

    // Returns true if the name is that of a bound socket with the requested options. A path also has to be compared
    // with its file.
    private bool IsAlike(scoped in FdSocketArguments arguments, scoped in SocketRequest request)
    {
        if (!arguments.Name.Exists || (request.Flags & SocketFlags.Bind) == 0)
        {
            return false;
        }

        ref readonly FdRecord record = ref fds[arguments.Name.Index];
        FileRights rights = fds.RightsOf(arguments.Name.Index);
        return record.Type == FdType.Socket
            && record.Flags == (uint)request.Flags
            && record.Backlog == request.Backlog
            && rights.Mode == arguments.Flags.Mode
            && rights.Owner.SequenceEqual(arguments.Flags.Owner)
            && fds.TextOf(arguments.Name.Index).SequenceEqual(arguments.Address)
            && kernel.IsIntact(record.Number, (request.Flags & SocketFlags.Listen) != 0);
    }

    // The socket of the internet that the name was given to so far, and that has an address; or none.
    private FdNumber BoundBefore(in FdTarget name)
    {
        if (!name.Exists)
        {
            return FdNumber.None;
        }

        ref readonly FdRecord record = ref fds[name.Index];
        SocketFlags flags = (SocketFlags)record.Flags;
        bool isBound = record.Type == FdType.Socket && (flags & SocketFlags.Bind) != 0
            && (flags & (SocketFlags.Inet | SocketFlags.Inet6)) != 0;
        return isBound ? record.Number : FdNumber.None;
    }

    public CommandError FdTake(scoped in FdTakeArguments arguments)
    {
        bool hasRoom = arguments.Name.Exists || fds.HasRoom;
        if (!helper.TryTakeAnswer(out HelperAnswer answer))
        {
            return !hasRoom ? Errors.FdFull
                : kernel.TryExamine(arguments.Descriptor, out FdIdentity identity, out FdBlocking blocking)
                    ? Take(arguments.Name, identity, blocking)
                    : StartExamining(arguments.Descriptor);
        }

        bool isMoved = !answer.Fd.IsNone;
        if (answer.Reason != Errno.None || !hasRoom)
        {
            if (isMoved)
            {
                helper.Close(answer.Fd, answer.Blocking);
            }

            return hasRoom ? Errors.TakeFailed(answer.Reason) : Errors.FdFull;
        }

        context.Connection.TryTakeDescriptor(out FdNumber number);
        if (isMoved)
        {
            helper.Close(number, answer.Blocking);
            number = answer.Fd;
        }

        ExaminedFd file = new(number, answer.Identity, answer.Blocking);
        fds.Announce(ForeignDescriptor.Assign(fds, arguments.Name, file));
        return CommandError.None;
    }

    private CommandError Take(scoped in FdTarget name, scoped in FdIdentity identity, FdBlocking blocking)
    {
        context.Connection.TryTakeDescriptor(out FdNumber number);
        fds.Announce(ForeignDescriptor.Assign(fds, name, new ExaminedFd(number, identity, blocking)));
        return CommandError.None;
    }

    public CommandError FdGive(scoped in FdGiveArguments arguments)
    {
        Connection connection = context.Connection;
        if (fds[arguments.Name].IsConstant)
        {
            return Errors.FdConstant;
        }

        if (!connection.CanTakeDescriptors)
        {
            return Errors.NotASocket;
        }

        if (!connection.CanGiveNow)
        {
            context.Postpone();
            connection.WaitToGive();
            return CommandError.None;
        }

        ref readonly FdRecord record = ref fds[arguments.Name];
        Errno refused = kernel.Duplicate(
            record.Number, record.Blocking == FdBlocking.All, out FdNumber duplicate);
        if (refused != Errno.None)
        {
            return Errors.GiveFailed(refused);
        }

        LineWriter line = announcer.Begin();
        FdEvents.State(ref line, fds, arguments.Name);
        connection.Give(announcer.Shown(connection, line).Written, duplicate, record.Blocking);
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

    private static CommandError ErrorOf(scoped in HelperAnswer answer) =>
        ErrorOfRights(answer) is { IsNone: false } refused ? refused : ErrorOfSocket(answer);

    private static CommandError ErrorOfSocket(scoped in HelperAnswer answer) => answer.Step switch
    {
        HelperStep.Socket => Errors.SocketFailed(answer.Reason),
        HelperStep.Reuse => Errors.SetsockoptFailed(answer.Reason),
        HelperStep.Listen => Errors.ListenFailed(answer.Reason),
        HelperStep.Nonblock => Errors.SocketNonblockFailed(answer.Reason),
        _ => Errors.BindFailed(answer.Reason),
    };

    private CommandError Make(scoped in SocketRequest request, FdNumber before, out ExaminedFd file)
    {
        file = default;
        Errno errno = kernel.Socket(request.Shape, out FdNumber number);
        if (errno != Errno.None)
        {
            return Errors.SocketFailed(errno);
        }

        // Both have the address for a moment, so that the new one fails, or takes over what comes, without a gap.
        bool shares = !before.IsNone && (request.Flags & SocketFlags.Bind) != 0;
        Share(shares, before, number, true);
        CommandError error = Prepare(request, number);
        Share(shares, before, number, false);
        if (!error.IsNone)
        {
            kernel.Close(number);
            return error;
        }

        kernel.Identify(number, out FdIdentity identity);
        file = new ExaminedFd(number, identity, FdBlocking.Close);
        return error;
    }

    private void Share(bool shares, FdNumber before, FdNumber made, bool isShared)
    {
        if (shares)
        {
            kernel.ShareAddress(before, isShared);
            kernel.ShareAddress(made, isShared);
        }
    }

    private CommandError Prepare(scoped in SocketRequest request, FdNumber number)
    {
        CommandError error = (request.Flags & SocketFlags.Bind) != 0 ? Bind(request, number) : CommandError.None;
        if (error.IsNone && (request.Flags & SocketFlags.Listen) != 0)
        {
            Errno errno = kernel.Listen(number, request.Backlog);
            error = errno == Errno.None ? error : Errors.ListenFailed(errno);
        }

        if (error.IsNone && (request.Flags & SocketFlags.Nonblock) != 0)
        {
            Errno errno = kernel.SetNonblocking(number, true);
            error = errno == Errno.None ? error : Errors.SocketNonblockFailed(errno);
        }

        return error;
    }

    // Two sockets of datagrams that allow it before they are bound share one port, socket(7).
    private CommandError Bind(scoped in SocketRequest request, FdNumber number)
    {
        bool isLate = request.Shape.Type == SocketType.Datagram;
        Errno reuse = isLate ? Errno.None : kernel.AllowReuse(number);
        Errno errno = reuse == Errno.None ? kernel.Bind(number, request.Address) : Errno.None;
        reuse = isLate && errno == Errno.None ? kernel.AllowReuse(number) : reuse;
        return errno != Errno.None ? Errors.BindFailed(errno)
            : reuse != Errno.None ? Errors.SetsockoptFailed(reuse)
            : CommandError.None;
    }

    // The request of a line.
    private readonly struct SocketRequest(
        SocketShape shape, SocketFlags flags, int backlog, in SocketAddress address)
    {
        public readonly SocketShape Shape = shape;
        public readonly SocketFlags Flags = flags;
        public readonly int Backlog = backlog;
        public readonly SocketAddress Address = address;
    }
}
