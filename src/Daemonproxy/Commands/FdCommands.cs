using System;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Commands;

/// <summary>Commands about named descriptors.</summary>
internal sealed partial class FdCommands(
    CommandContext context, SystemCalls kernel, FdTable fds, CommandHelper helper, ConnectionTable announcer)
    : IDescriptorsCommands
{
    public CommandError FdPipe(scoped in FdPipeArguments arguments)
    {
        if (arguments.Reader.Name.Bytes.SequenceEqual(arguments.Writer.Name.Bytes))
        {
            return Errors.SamePipeNames;
        }

        PipeFlags flags = arguments.Flags.Value;
        CommandError error = MakePipe(ref flags, out FdNumber reader, out FdNumber writer);
        if (!error.IsNone)
        {
            return error;
        }

        if ((flags & PipeFlags.Nonblock) != 0)
        {
            Errno errno = kernel.SetNonblocking(reader, true);
            errno = errno == Errno.None ? kernel.SetNonblocking(writer, true) : errno;
            if (errno != Errno.None)
            {
                return ClosePair(reader, writer, Errors.NonblockFailed(errno));
            }
        }

        int needed = (arguments.Reader.Exists ? 0 : 1) + (arguments.Writer.Exists ? 0 : 1);
        if (!fds.HasRoomFor(needed))
        {
            return ClosePair(reader, writer, Errors.FdFull);
        }

        bool isPair = SocketFlagResolver.IsPair(flags);
        FdType readerType = isPair ? FdType.Pair : FdType.Reader;
        FdType writerType = isPair ? FdType.Pair : FdType.Writer;
        FdBlocking blocking = isPair ? FdBlocking.Close : FdBlocking.None;
        RemoveFileOf(arguments.Reader);
        RemoveFileOf(arguments.Writer);
        FdIndex readerIndex = fds.Assign(arguments.Reader, readerType, (uint)flags, reader, default, blocking);
        FdIndex writerIndex = fds.Assign(arguments.Writer, writerType, (uint)flags, writer, default, blocking);
        fds.Join(readerIndex, writerIndex);
        fds.Announce(readerIndex);
        fds.Announce(writerIndex);
        return CommandError.None;
    }

    public CommandError FdOpen(scoped in FdOpenArguments arguments)
    {
        FileFlags flags = arguments.Flags.Flags;
        if ((flags & (FileFlags.Read | FileFlags.Write)) == 0)
        {
            flags |= FileFlags.Read;
        }

        FileRights rights = new(arguments.Flags.Mode, arguments.Flags.Owner);
        CommandError error = CheckRights(
            rights, (flags & (FileFlags.Mode | FileFlags.Owner)) != 0, (flags & FileFlags.Create) != 0);
        if (!error.IsNone)
        {
            return error;
        }

        // Without a free record nothing is made or cut: a command that fails changes nothing.
        bool hasRoom = arguments.Name.Exists || fds.HasRoom;
        if (!helper.TryTakeAnswer(out HelperAnswer answer))
        {
            FileFlags changing = FileFlags.Create | FileFlags.Trunc | FileFlags.Mkdir;
            return hasRoom || (flags & changing) == 0 ? StartOpening(arguments.Path, flags, rights) : Errors.FdFull;
        }

        if (answer.Reason != Errno.None)
        {
            return ErrorOfRights(answer) is { IsNone: false } refused ? refused : Errors.OpenFailed(answer.Reason);
        }

        if (!hasRoom)
        {
            helper.Close(answer.Fd, answer.Blocking);
            return Errors.FdFull;
        }

        ExaminedFd file = new(answer.Fd, answer.Identity, answer.Blocking);
        RemoveFileOf(arguments.Name);
        fds.Announce(fds.Assign(arguments.Name, FdType.File, (uint)flags, file, arguments.Path, rights));
        return CommandError.None;
    }

    // Checks the mode and the owner of a line, if it has them, for the file that it makes, if it makes one.
    private CommandError CheckRights(scoped FileRights rights, bool areGiven, bool isFileMade) =>
        areGiven && !isFileMade ? Errors.FileNotMade
        : !FileRights.IsOwner(rights.Owner) ? Errors.BadOwner
        : rights.Owner.IsEmpty || fds.HasRoomFor(rights.Owner) ? CommandError.None
        : Errors.FdFull;

    // The error of the owner or the mode of a file.
    public static CommandError ErrorOfRights(scoped in HelperAnswer answer) => answer.Step switch
    {
        HelperStep.Account when answer.Reason == Errno.ENOENT => Errors.UnknownOwner,
        HelperStep.Account or HelperStep.Owner => Errors.OwnerFailed(answer.Reason),
        HelperStep.Permissions => Errors.ModeFailed(answer.Reason),
        _ => CommandError.None,
    };

    private CommandError StartOpening(ReadOnlySpan<byte> path, FileFlags flags, scoped FileRights rights)
    {
        if (!helper.TryPrepare(HelperTask.Open, path, out HelperSlot slot))
        {
            return CommandError.None;
        }

        slot.Plan.Mode = ModeOf(flags);
        slot.Plan.MakesParents = (flags & FileFlags.Mkdir) != 0;
        slot.WriteRights((flags & FileFlags.Mode) != 0, rights.Mode, rights.Owner);
        Errno refused = helper.Start(slot);
        return refused == Errno.None ? CommandError.None : Errors.OpenFailed(refused);
    }

    public CommandError FdDelete(scoped in FdDeleteArguments arguments)
    {
        // The file of a socket goes first, so that the next command finds its path free.
        ref readonly SocketFile file = ref fds[arguments.Name].File;
        bool isGone = helper.TryTakeAnswer(out HelperAnswer answer) && file.IsSame(answer.File);
        if (file.IsNone || isGone || !IsRemovalStarted(file))
        {
            fds.Delete(arguments.Name);
        }

        return CommandError.None;
    }

    // A failure means only that the file is not removed.
    private bool IsRemovalStarted(in SocketFile file)
    {
        if (helper.TryPrepare(HelperTask.RemoveSocketFile, default, out HelperSlot slot))
        {
            file.Plan(ref slot.Plan);
            return helper.Start(slot) == Errno.None;
        }

        return true;
    }

    private void RemoveFileOf(in FdTarget target)
    {
        if (target.Exists)
        {
            helper.RemoveFile(fds[target.Index].File);
        }
    }

    private static OpenMode ModeOf(FileFlags flags)
    {
        // Without waiting for the other end of a fifo, or for the carrier of a line.
        OpenMode mode = OpenMode.AtOnce;
        mode |= (flags & FileFlags.Read) != 0 ? OpenMode.Read : 0;
        mode |= (flags & FileFlags.Write) != 0 ? OpenMode.Write : 0;
        mode |= (flags & FileFlags.Append) != 0 ? OpenMode.Append : 0;
        mode |= (flags & FileFlags.Create) != 0 ? OpenMode.Create : 0;
        mode |= (flags & FileFlags.Trunc) != 0 ? OpenMode.Truncate : 0;
        mode |= (flags & FileFlags.Nonblock) != 0 ? OpenMode.Nonblocking : 0;
        return mode;
    }

    // A pipe, or the socketpair that the flags add up to.
    private CommandError MakePipe(scoped ref PipeFlags flags, out FdNumber reader, out FdNumber writer)
    {
        if (!SocketFlagResolver.IsPair(flags))
        {
            Errno errno = kernel.Pipe(out reader, out writer);
            return errno == Errno.None ? CommandError.None : Errors.PipeFailed(errno);
        }

        flags = SocketFlagResolver.Canonical(flags);
        Errno reason = kernel.SocketPair(SocketFlagResolver.Of(flags), out reader, out writer);
        return reason == Errno.None ? CommandError.None : Errors.PairFailed(reason);
    }

    private CommandError ClosePair(FdNumber reader, FdNumber writer, CommandError error)
    {
        kernel.Close(reader);
        kernel.Close(writer);
        return error;
    }
}
