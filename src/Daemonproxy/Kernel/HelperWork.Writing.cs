// Runs in a cloned child that shares our memory: the conditions in SignalSafeCalls.cs hold for all of this file.
using System.Runtime.CompilerServices;
using System.Threading;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>The tasks that write to files which may stop answering.</summary>
internal static unsafe partial class HelperWork
{
    // It has a table of its own, so that one that hangs keeps no pipe and no port from its end.
    private static Errno WriteOutput<T>(T calls, HelperPlan* plan)
        where T : struct, IPathCalls
    {
        FdNumber fd = plan->Fds[0];
        calls.LeaveAllBut(fd);
        Errno reason = WriteAll(calls, fd, plan->Path, plan->Bytes, ref plan->Progress->Written);
        plan->Progress->Reason = reason;
        if (reason == Errno.None && !TryChange(ref plan->RemainderState, RemainderState.None, RemainderState.TooLate))
        {
            int done = 0;
            reason = WriteAll(calls, fd, plan->Rest, plan->RestBytes, ref done);
        }

        return reason;
    }

    /// <summary>Changes the state at once, for the helper and the daemon; false if it is another one.</summary>
    public static bool TryChange(ref RemainderState state, RemainderState from, RemainderState to) =>
        Interlocked.CompareExchange(ref Unsafe.As<RemainderState, int>(ref state), (int)to, (int)from) == (int)from;

    // If it is killed midway, the count shows its progress.
    private static Errno WriteAll<T>(T calls, FdNumber fd, byte* bytes, int count, ref int done)
        where T : struct, IPathCalls
    {
        Errno reason = Errno.None;
        while (reason == Errno.None && done < count)
        {
            int before = done;
            reason = calls.Write(fd, bytes + before, count - before, ref done);
        }

        return reason;
    }
}
