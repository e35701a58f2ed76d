// Runs in a cloned child that shares our memory: the conditions in SignalSafeCalls.cs hold for all of this file.
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>The tasks of <c>fd.socket</c>: unix sockets with a path, and their files.</summary>
internal static unsafe partial class HelperWork
{
    // On failure there is neither a descriptor nor a file, and what was there before still is.
    private static Errno BindSocket<T>(T calls, HelperPlan* plan)
        where T : struct, IPathCalls
    {
        if (plan->MayKeep && IsOld(calls, plan))
        {
            plan->Answer.Step = HelperStep.Kept;
            plan->Answer.File = plan->OldFile;
            return Errno.None;
        }

        FileOwner owner;
        Errno reason = FindOwner(calls, plan, &owner);
        if (reason != Errno.None)
        {
            return reason;
        }

        plan->Answer.Step = HelperStep.Socket;
        reason = calls.Socket(plan->Shape, out FdNumber fd);
        if (reason != Errno.None)
        {
            return reason;
        }

        plan->Answer.Fd = fd;
        plan->Answer.Step = HelperStep.Reuse;
        reason = calls.AllowReuse(fd);
        bool isMovedAside = false;
        reason = reason == Errno.None ? BindPath(calls, plan, fd, out isMovedAside) : reason;
        bool isBound = reason == Errno.None;
        reason = isBound && plan->Owner != null ? HandOverSocket(calls, plan, &plan->Address, owner) : reason;
        reason = reason == Errno.None ? Complete(calls, plan, fd) : reason;
        if (reason == Errno.None)
        {
            if (!plan->Old.IsEmpty)
            {
                Remove(calls, isMovedAside ? &plan->Beside : &plan->Old, plan->OldFile);
            }

            FindDirectory(calls, plan);
            return Errno.None;
        }

        plan->Answer.Fd = FdNumber.None;
        calls.Close(fd);
        if (isBound)
        {
            calls.Unlink(SocketAddress.PathOf(&plan->Address));
        }

        if (isMovedAside)
        {
            calls.Rename(SocketAddress.PathOf(&plan->Beside), SocketAddress.PathOf(&plan->Address));
        }

        return reason;
    }

    // Binds a socket to its path, always: one that is moved there would keep the path before as its name,
    // getsockname(2), and programs compare that with their config.
    private static Errno BindPath<T>(T calls, HelperPlan* plan, FdNumber fd, out bool isMovedAside)
        where T : struct, IPathCalls
    {
        isMovedAside = false;
        plan->Answer.Step = HelperStep.Bind;
        if (plan->MakesParents)
        {
            MakeParents(calls, SocketAddress.PathOf(&plan->Address));
        }

        // No client can connect to the socket until it has its owner.
        uint mode = plan->Owner != null ? 0 : plan->PermissionsOr(UsualOfSocket);
        Errno reason = calls.Bind(fd, &plan->Address, mode);
        if (reason == Errno.EADDRINUSE && MayReplace(calls, plan))
        {
            reason = MakeRoom(calls, plan, out isMovedAside);
            reason = reason == Errno.None ? calls.Bind(fd, &plan->Address, mode) : reason;
        }

        return reason;
    }

    // Our own file that is at the path goes. One that clients reach is only moved aside, since it comes back if the new
    // socket cannot be made; with a path too long to have room beside it, it goes, too.
    private static Errno MakeRoom<T>(T calls, HelperPlan* plan, out bool isMovedAside)
        where T : struct, IPathCalls
    {
        byte* path = SocketAddress.PathOf(&plan->Address);
        byte* aside = SocketAddress.PathOf(&plan->Beside);
        bool isReached = plan->Task == HelperTask.BindSocket && !IsLeftBehind(calls, &plan->Address);
        isMovedAside = false;
        if (!isReached || plan->Beside.IsEmpty)
        {
            calls.Unlink(path);
            return Errno.None;
        }

        if (IsLeftBehind(calls, &plan->Beside))
        {
            calls.Unlink(aside);
        }

        if (calls.IdentifyPath(aside, out _) == Errno.None)
        {
            return Errno.EADDRINUSE;
        }

        Errno reason = calls.Rename(path, aside);
        isMovedAside = reason == Errno.None;
        return reason;
    }

    // Makes it a listener, and reads its identity.
    private static Errno Complete<T>(T calls, HelperPlan* plan, FdNumber fd)
        where T : struct, IPathCalls
    {
        Errno reason = Errno.None;
        if (plan->Backlog > 0)
        {
            plan->Answer.Step = HelperStep.Listen;
            reason = calls.Listen(fd, plan->Backlog);
        }

        if (reason == Errno.None && (plan->Mode & OpenMode.Nonblocking) != 0)
        {
            plan->Answer.Step = HelperStep.Nonblock;
            reason = calls.SetNonblocking(fd);
        }

        if (reason == Errno.None)
        {
            plan->Answer.Step = HelperStep.Bind;
            reason = calls.IdentifyPath(SocketAddress.PathOf(&plan->Address), out plan->Answer.File);
        }

        return reason == Errno.None
            ? calls.Examine(fd, out plan->Answer.Identity, out plan->Answer.Blocking)
            : reason;
    }

    // Returns true if the file at the path is that of the previous socket.
    private static bool IsOld<T>(T calls, HelperPlan* plan)
        where T : struct, IPathCalls =>
        !plan->Old.IsEmpty
        && calls.IdentifyPath(SocketAddress.PathOf(&plan->Address), out FdIdentity found) == Errno.None
        && found.IsSameFile(plan->OldFile);

    private static bool MayReplace<T>(T calls, HelperPlan* plan)
        where T : struct, IPathCalls =>
        IsOld(calls, plan) || IsLeftBehind(calls, &plan->Address);

    // The file of a socket that no process has any more.
    private static bool IsLeftBehind<T>(T calls, SocketAddress* address)
        where T : struct, IPathCalls =>
        calls.IdentifyPath(SocketAddress.PathOf(address), out FdIdentity found) == Errno.None
        && found.Kind == FdKind.Socket
        && !calls.IsBound(address);

    // A file whose socket is given here, too, stays if another process has the socket.
    private static void RemoveFile<T>(T calls, HelperPlan* plan)
        where T : struct, IPathCalls
    {
        plan->Answer.File = plan->OldFile;
        if (plan->FdCount > 0)
        {
            calls.Close(plan->Fds[0]);
        }

        if (plan->FdCount == 0 || !calls.IsBound(&plan->Old))
        {
            Remove(calls, &plan->Old, plan->OldFile);
        }
    }
}
