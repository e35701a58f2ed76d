// Runs in a cloned child that shares our memory: the conditions in SignalSafeCalls.cs hold for all of this file.
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>
/// The tasks of helpers, as sequences of system calls. The calls are a type parameter, a structure: so the code is the
/// same in a helper, at the start of the daemon, and in the tests.
/// </summary>
internal static unsafe partial class HelperWork
{
    /// <summary>Does the task of a plan, and writes the answer into the plan.</summary>
    public static void Run<T>(T calls, HelperPlan* plan)
        where T : struct, IPathCalls
    {
        switch (plan->Task)
        {
            case HelperTask.Open:
                plan->Answer.Reason = Open(calls, plan);
                break;
            case HelperTask.BindSocket or HelperTask.RenewSocket:
                plan->Answer.Reason = BindSocket(calls, plan);
                break;
            case HelperTask.ChangeDirectory:
                plan->Answer.Reason = calls.ChangeDirectory(plan->Path);
                break;
            case HelperTask.CreateControlSocket:
                plan->Answer.Reason = CreateControlSocket(calls, plan);
                break;
            case HelperTask.RemoveSocketFile:
                RemoveFile(calls, plan);
                plan->Answer.Reason = Errno.None;
                break;
            case HelperTask.Examine:
                plan->Answer.Reason = Examine(calls, plan);
                break;
            case HelperTask.RemoveFiles:
                RemoveFiles(calls, plan->Path);
                plan->Answer.Reason = Errno.None;
                break;
            case HelperTask.WalkTrees:
                plan->Answer.Reason = calls.WalkTrees(&plan->Trees);
                break;
            case HelperTask.MakeGroup:
                plan->Answer.Reason = calls.MakeGroup(&plan->Group, out plan->Answer.Fd);
                plan->Answer.Blocking = FdBlocking.None;
                break;
            case HelperTask.RenewControlSocket:
                plan->Answer.Reason = RenewControlSocket(calls, plan);
                break;
            case HelperTask.WriteLog:
                plan->Answer.Reason =
                    WriteAll(calls, plan->Fds[0], plan->Path, plan->Bytes, ref plan->Answer.Done);
                break;
            case HelperTask.WriteOutput:
                plan->Answer.Reason = WriteOutput(calls, plan);
                break;
            case HelperTask.CopyInput:
                plan->Answer.Reason = CopyInput(calls, plan);
                break;
            case HelperTask.FindRescue:
                plan->Answer.Reason = FindRescue(calls, plan);
                break;
            case HelperTask.OpenProgram:
                plan->Answer.Reason = calls.OpenProgram(plan->Path, out plan->Answer.Fd);
                break;
            default:
                Close(calls, plan);
                plan->Answer.Reason = Errno.None;
                break;
        }
    }

    private static Errno Open<T>(T calls, HelperPlan* plan)
        where T : struct, IPathCalls
    {
        if (plan->MakesParents)
        {
            MakeParents(calls, plan->Path);
        }

        bool isForOthers = plan->HasPermissions || plan->Owner != null;
        Errno reason = isForOthers
            ? OpenForOthers(calls, plan, out FdNumber fd)
            : calls.Open(plan->Path, plan->Mode, out fd);
        if (reason != Errno.None)
        {
            return reason;
        }

        plan->Answer.Fd = fd;
        reason = calls.Examine(fd, out plan->Answer.Identity, out plan->Answer.Blocking);
        if (reason == Errno.None && plan->Answer.Blocking == FdBlocking.All)
        {
            FdNumber high = calls.Raise(fd);
            if (!high.IsNone)
            {
                plan->Answer.Fd = high;
                calls.Close(fd);
            }
        }

        return reason;
    }

    private static Errno FindRescue<T>(T calls, HelperPlan* plan)
        where T : struct, IPathCalls
    {
        byte* console = AfterText(plan->Path);
        Errno reason = calls.Open(console, OpenMode.Read | OpenMode.Write | OpenMode.AtOnce, out FdNumber fd);
        if (reason != Errno.None)
        {
            return reason;
        }

        reason = calls.CheckTerminal(fd);
        if (reason == Errno.None)
        {
            calls.Write(fd, plan->Path);
        }

        calls.Close(fd);
        for (byte* program = AfterText(console); *program != 0; program = AfterText(program))
        {
            if (calls.IsExecutable(program))
            {
                plan->Answer.Found = program;
                break;
            }
        }

        return reason;
    }

    private static Errno CopyInput<T>(T calls, HelperPlan* plan)
        where T : struct, IPathCalls
    {
        Errno reason = calls.CopyToMemory(plan->Fds[0], plan->Path, HelperPlan.PathBytes, out FdNumber copy);
        if (reason == Errno.None)
        {
            plan->Answer.Fd = copy;
            reason = calls.Examine(copy, out plan->Answer.Identity, out plan->Answer.Blocking);
        }

        return reason;
    }

    private static byte* AfterText(byte* text)
    {
        while (*text++ != 0)
        {
        }

        return text;
    }

    // The number that it has stays the daemon's to close, since its records have it.
    private static Errno Examine<T>(T calls, HelperPlan* plan)
        where T : struct, IPathCalls
    {
        FdNumber fd = plan->Fds[0];
        Errno reason = calls.Examine(fd, out plan->Answer.Identity, out plan->Answer.Blocking);
        if (reason == Errno.None && plan->Answer.Blocking == FdBlocking.All)
        {
            plan->Answer.Fd = calls.Raise(fd);
        }

        return reason;
    }

    private static void Close<T>(T calls, HelperPlan* plan)
        where T : struct, IPathCalls
    {
        while (plan->FdsBegun < plan->FdCount)
        {
            FdNumber fd = plan->Fds[plan->FdsBegun];
            plan->FdsBegun++;
            calls.Close(fd);
        }
    }

    private static void RemoveFiles<T>(T calls, byte* path)
        where T : struct, IPathCalls
    {
        while (*path != 0)
        {
            calls.Unlink(path);
            path = AfterText(path);
        }
    }

    // Makes each directory on the way that is missing; if one cannot be made, the next step tells why.
    private static void MakeParents<T>(T calls, byte* path)
        where T : struct, IPathCalls
    {
        for (byte* at = path + 1; *path != 0 && *at != 0; at++)
        {
            if (*at == (byte)'/')
            {
                *at = 0;
                calls.MakeDirectory(path);
                *at = (byte)'/';
            }
        }
    }

    // A nonblocking socket that listens. It is made beside its path and moved there once it listens, so that no client
    // ever finds a file without a listener. An existing file is replaced only if it is our own, or a dead socket.
    private static Errno CreateControlSocket<T>(T calls, HelperPlan* plan)
        where T : struct, IPathCalls
    {
        SocketAddress* address = &plan->Address;
        Errno reason = CheckPlace(calls, plan, out bool isTaken);
        if (reason != Errno.None || plan->Answer.Step != HelperStep.None)
        {
            return reason;
        }

        FileOwner owner;
        reason = FindOwner(calls, plan, &owner);
        if (reason != Errno.None)
        {
            return reason;
        }

        // With a path too long to have room beside it, what is there must go first.
        bool isBeside = !plan->Beside.IsEmpty;
        SocketAddress* made = isBeside ? &plan->Beside : address;
        if (isBeside ? IsDead(calls, made) : isTaken)
        {
            calls.Unlink(SocketAddress.PathOf(made));
        }

        reason = Listen(calls, plan, made, owner);
        if (reason != Errno.None)
        {
            plan->Answer.Step =
                isBeside && reason == Errno.EADDRINUSE ? HelperStep.FileBeside : plan->Answer.Step;
            return reason;
        }

        reason = calls.IdentifyPath(SocketAddress.PathOf(made), out plan->Answer.File);
        if (reason == Errno.None && isBeside)
        {
            reason = calls.Rename(SocketAddress.PathOf(made), SocketAddress.PathOf(address));
        }

        if (reason == Errno.None)
        {
            reason = calls.Examine(plan->Answer.Fd, out plan->Answer.Identity, out plan->Answer.Blocking);
        }

        if (reason != Errno.None)
        {
            FdNumber fd = plan->Answer.Fd;
            plan->Answer.Fd = FdNumber.None;
            calls.Unlink(SocketAddress.PathOf(made));
            calls.Close(fd);
            return reason;
        }

        bool isMoved = !plan->Old.IsEmpty && !SocketAddress.IsSame(address, &plan->Old);
        if (isMoved)
        {
            Remove(calls, &plan->Old, plan->OldFile);
        }

        FindDirectory(calls, plan);
        return Errno.None;
    }

    private static Errno RenewControlSocket<T>(T calls, HelperPlan* plan)
        where T : struct, IPathCalls
    {
        bool isThere = calls.IdentifyPath(SocketAddress.PathOf(&plan->Old), out FdIdentity found) == Errno.None
            && found.IsSameFile(plan->OldFile);
        if (isThere)
        {
            plan->Answer.Step = HelperStep.Kept;
            return Errno.None;
        }

        return CreateControlSocket(calls, plan);
    }

    // A path that is not from the root leads to the same place later only behind the working directory.
    private static void FindDirectory<T>(T calls, HelperPlan* plan)
        where T : struct, IPathCalls
    {
        *plan->Path = 0;
        bool isRelative = *SocketAddress.PathOf(&plan->Address) != (byte)'/';
        if (isRelative && calls.CurrentDirectory(plan->Path, HelperPlan.PathBytes) != Errno.None)
        {
            *plan->Path = 0;
        }
    }

    // The reason why a path must not be taken, or none.
    private static Errno CheckPlace<T>(T calls, HelperPlan* plan, out bool isTaken)
        where T : struct, IPathCalls
    {
        isTaken = calls.IdentifyPath(SocketAddress.PathOf(&plan->Address), out FdIdentity found) == Errno.None;
        bool isOwn = !plan->Old.IsEmpty && SocketAddress.IsSame(&plan->Address, &plan->Old)
            && found.IsSameFile(plan->OldFile);
        if (!isTaken || isOwn)
        {
            return Errno.None;
        }

        if (found.Kind != FdKind.Socket)
        {
            plan->Answer.Step = HelperStep.NoSocketThere;
            return Errno.EADDRINUSE;
        }

        Errno reason = calls.Probe(&plan->Address);
        if (reason == Errno.None)
        {
            plan->Answer.Step = HelperStep.SomebodyListens;
            return Errno.EADDRINUSE;
        }

        return reason is Errno.ECONNREFUSED or Errno.ENOENT ? Errno.None : reason;
    }

    // Left over by one that died between making it and moving it.
    private static bool IsDead<T>(T calls, SocketAddress* address)
        where T : struct, IPathCalls =>
        calls.IdentifyPath(SocketAddress.PathOf(address), out FdIdentity found) == Errno.None
        && found.Kind == FdKind.Socket
        && calls.Probe(address) == Errno.ECONNREFUSED;

    // On failure there is neither a descriptor nor a file.
    private static Errno Listen<T>(T calls, HelperPlan* plan, SocketAddress* address, FileOwner owner)
        where T : struct, IPathCalls
    {
        Errno reason = calls.Socket(SocketShape.UnixStream, out FdNumber fd);
        if (reason != Errno.None)
        {
            return reason;
        }

        plan->Answer.Fd = fd;
        reason = calls.SetNonblocking(fd);

        // No client can connect to the socket until it has its owner.
        uint mode = plan->Owner != null ? 0 : plan->PermissionsOr(UsualOfSocket);
        reason = reason == Errno.None ? calls.Bind(fd, address, mode) : reason;
        if (reason == Errno.None)
        {
            reason = plan->Owner == null ? Errno.None : HandOverSocket(calls, plan, address, owner);
            reason = reason == Errno.None ? calls.Listen(fd, plan->Backlog) : reason;
            if (reason != Errno.None)
            {
                calls.Unlink(SocketAddress.PathOf(address));
            }
        }

        if (reason != Errno.None)
        {
            plan->Answer.Fd = FdNumber.None;
            calls.Close(fd);
        }

        return reason;
    }

    // The file at a path, if it is this one.
    private static void Remove<T>(T calls, SocketAddress* address, in FdIdentity file)
        where T : struct, IPathCalls
    {
        byte* path = SocketAddress.PathOf(address);
        if (calls.IdentifyPath(path, out FdIdentity found) == Errno.None && found.IsSameFile(file))
        {
            calls.Unlink(path);
        }
    }
}
