// Runs in a cloned child that shares our memory: the conditions at the head of SignalSafe/ hold for all of this file.
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
        SocketAddress* made = null;
        reason = reason == Errno.None ? BindPath(calls, plan, fd, &made) : reason;
        reason = reason == Errno.None && plan->Owner != null ? HandOverSocket(calls, plan, made, owner) : reason;
        reason = reason == Errno.None ? Complete(calls, plan, fd, made) : reason;
        if (reason == Errno.None)
        {
            if (!plan->Old.IsEmpty)
            {
                Remove(calls, &plan->Old, plan->OldFile);
            }

            FindDirectory(calls, plan);
            return Errno.None;
        }

        plan->Answer.Fd = FdNumber.None;
        calls.Close(fd);
        if (made != null)
        {
            calls.Unlink(SocketAddress.PathOf(made));
        }

        return reason;
    }

    // Binds a socket to its path; beside it only if clients reach the one that is there, so that they see no gap: a
    // socket that is moved has the path beside as its name, getsockname(2), and programs compare that with their
    // config. Null: to neither.
    private static Errno BindPath<T>(T calls, HelperPlan* plan, FdNumber fd, SocketAddress** made)
        where T : struct, IPathCalls
    {
        SocketAddress* address = &plan->Address;
        plan->Answer.Step = HelperStep.Bind;
        if (plan->MakesParents)
        {
            MakeParents(calls, SocketAddress.PathOf(address));
        }

        // Nobody can connect to what is to be somebody else's, until it is.
        uint mode = plan->Owner != null ? 0 : plan->PermissionsOr(UsualOfSocket);
        Errno reason = calls.Bind(fd, address, mode);
        if (reason == Errno.EADDRINUSE && MayReplace(calls, plan))
        {
            // With a path too long to have room beside it, what is there must go first, too.
            bool isReached = plan->Task == HelperTask.BindSocket && !IsLeftBehind(calls, address);
            address = isReached && !plan->Beside.IsEmpty ? &plan->Beside : address;
            if (address == &plan->Address || IsLeftBehind(calls, address))
            {
                calls.Unlink(SocketAddress.PathOf(address));
            }

            reason = calls.Bind(fd, address, mode);
        }

        *made = reason == Errno.None ? address : null;
        return reason;
    }

    // Listens, and then moves the file to its path: nobody finds there a socket that does not listen yet.
    private static Errno Complete<T>(T calls, HelperPlan* plan, FdNumber fd, SocketAddress* made)
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
            reason = calls.IdentifyPath(SocketAddress.PathOf(made), out plan->Answer.File);
        }

        if (reason == Errno.None)
        {
            reason = calls.Examine(fd, out plan->Answer.Identity, out plan->Answer.Delay);
        }

        if (reason != Errno.None || made == &plan->Address)
        {
            return reason;
        }

        return calls.Rename(SocketAddress.PathOf(made), SocketAddress.PathOf(&plan->Address));
    }

    // Whether what is at the path is the file of the socket so far.
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
