// Runs in a cloned child that shares our memory: the conditions in SignalSafeCalls.cs hold for all of this file.
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>Creates files with a given owner and mode.</summary>
internal static unsafe partial class HelperWork
{
    private const uint UsualOfFile = 0x180;
    private const uint UsualOfSocket = 0x1C0;

    // The number of attempts while other processes keep making and removing the same file.
    private const int MostTries = 8;

    // Opens what is there, or makes it: until a new file has its owner and its permissions, no other process can open
    // it.
    private static Errno OpenForOthers<T>(T calls, HelperPlan* plan, out FdNumber fd)
        where T : struct, IPathCalls
    {
        fd = FdNumber.None;
        FileOwner owner;
        Errno reason = FindOwner(calls, plan, &owner);
        if (reason != Errno.None)
        {
            return reason;
        }

        reason = Errno.EEXIST;
        for (int left = MostTries; left > 0 && reason == Errno.EEXIST; left--)
        {
            reason = calls.Open(plan->Path, plan->Mode & ~OpenMode.Create, out fd);
            if (reason == Errno.ENOENT)
            {
                reason = calls.CreateFile(plan->Path, plan->Mode, out fd);
                if (reason == Errno.None)
                {
                    return HandOver(calls, plan, ref fd, owner);
                }
            }
        }

        return reason;
    }

    private static Errno HandOver<T>(T calls, HelperPlan* plan, ref FdNumber fd, FileOwner owner)
        where T : struct, IPathCalls
    {
        Errno reason = SetRights(calls, plan, fd, owner, plan->PermissionsOr(UsualOfFile));
        if (reason != Errno.None)
        {
            calls.Unlink(plan->Path);
            calls.Close(fd);
            fd = FdNumber.None;
        }

        return reason;
    }

    // The numbers of the owner; as they are where none is given.
    private static Errno FindOwner<T>(T calls, HelperPlan* plan, FileOwner* owner)
        where T : struct, IPathCalls
    {
        owner->User = FileOwner.Unchanged;
        owner->Group = FileOwner.Unchanged;
        if (plan->Owner == null)
        {
            return Errno.None;
        }

        plan->Answer.Step = HelperStep.Account;
        Errno reason = calls.FindOwner(plan->Owner, owner);
        plan->Answer.Step = reason == Errno.None ? HelperStep.None : HelperStep.Account;
        return reason;
    }

    // The owner first: chown(2) may take permissions away, and before it they would be for others than are meant.
    private static Errno SetRights<T>(T calls, HelperPlan* plan, FdNumber fd, FileOwner owner, uint mode)
        where T : struct, IPathCalls
    {
        plan->Answer.Step = HelperStep.Owner;
        Errno reason = plan->Owner == null ? Errno.None : calls.SetOwner(fd, owner);
        if (reason == Errno.None)
        {
            plan->Answer.Step = HelperStep.Permissions;
            reason = calls.SetPermissions(fd, mode);
        }

        plan->Answer.Step = reason == Errno.None ? HelperStep.None : plan->Answer.Step;
        return reason;
    }

    // Gives the file of a socket, to which no client can connect yet, to its owner. It is opened and checked first: in
    // a directory of another user, another file may be at the path by now.
    private static Errno HandOverSocket<T>(T calls, HelperPlan* plan, SocketAddress* made, FileOwner owner)
        where T : struct, IPathCalls
    {
        plan->Answer.Step = HelperStep.Owner;
        Errno reason = calls.OpenEntry(SocketAddress.PathOf(made), out FdNumber entry);
        if (reason != Errno.None)
        {
            return reason;
        }

        reason = calls.Examine(entry, out FdIdentity found, out _);
        reason = reason == Errno.None && found.Kind != FdKind.Socket ? Errno.EEXIST : reason;
        reason = reason == Errno.None
            ? SetRights(calls, plan, entry, owner, plan->PermissionsOr(UsualOfSocket))
            : reason;
        calls.Close(entry);
        return reason;
    }
}
