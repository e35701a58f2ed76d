using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>Processes: clone(2), waitid(2), kill(2), prctl(2), reboot(2), ioctl_console(2).</summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    private const int WNOHANG = 1;
    private const int WNOWAIT = 0x01000000;
    private const int PR_SET_CHILD_SUBREAPER = 36;
    private const int RB_DISABLE_CAD = 0;
    private const nuint KDSIGACCEPT = 0x4B4E;

    // In nanoseconds: a sweep that takes no longer than this is done whenever a child may have ended; a longer one
    // takes at most one part of so many of the time, and is not put off longer than this.
    private const long CheapSweep = 10_000;
    private const long SweepShare = 128;
    private const long MostSweepDelay = 10_000_000;

    // If the kernel refuses to return ended children, the call is repeated once a second.
    private const long RefusedSweepDelay = 1_000_000_000;
    private long _nextSweep;
    private bool _isSweepPutOff;
    private Errno _waitRefusal;

    public override Errno Spawn(ref LaunchPlan plan, ref Pid pid)
    {
        fixed (LaunchPlan* shared = &plan)
        fixed (Pid* stored = &pid)
        {
            return ProcessCloner.Launch(shared, (int*)stored);
        }
    }

    public override void RestoreDumpable() => ProcessCloner.RestoreDumpable();

    public override Errno StartHelper(ref HelperPlan plan, ref Pid pid)
    {
        fixed (HelperPlan* shared = &plan)
        fixed (Pid* stored = &pid)
        {
            return ProcessCloner.StartHelper(shared, (int*)stored);
        }
    }

    public override void DoPlan(ref HelperPlan plan)
    {
        fixed (HelperPlan* own = &plan)
        {
            byte* path = PathOf(own);
            bool answers = path != null && (LocalPath.IsBeside(path, _program) || LocalPath.Answers(path));
            if (answers || !ProcessCloner.TryDo(own))
            {
                HelperChild.RunHere(own);
            }
        }
    }

    // The one path of a task; null where there are others, or descriptors.
    private static byte* PathOf(HelperPlan* plan) => plan->Task switch
    {
        HelperTask.Open => plan->Path,
        HelperTask.CreateControlSocket when plan->Old.IsEmpty => SocketAddress.PathOf(&plan->Address),
        HelperTask.RemoveSocketFile when !plan->Old.IsEmpty => SocketAddress.PathOf(&plan->Old),
        _ => null,
    };

    public override bool TakeChildNotice() =>
        SignalHandlers.TakeChildNotice() || (_isSweepPutOff && SignalSafeCalls.Nanoseconds() >= _nextSweep);

    public override Errno Reap(ref ReapedChild child)
    {
        child = default;
        _waitRefusal = Errno.None;
        fixed (ReapedChild* information = &child)
        {
            while (child.Pid.IsNone && SignalHandlers.TryTakeNamed(out Pid named))
            {
                WaitId(SignalSafeCalls.P_PID, (uint)named.Value, information);
            }

            if (child.Pid.IsNone)
            {
                Sweep(information);
            }
        }

        if (_waitRefusal != Errno.None)
        {
            _isSweepPutOff = true;
            _nextSweep = SignalSafeCalls.Nanoseconds() + RefusedSweepDelay;
        }

        return _waitRefusal;
    }

    // Whichever child has ended: for those that no signal named. The kernel goes through all children for it, where
    // asking for one by its PID costs the same whatever their number. So where they are many, it is not done for each.
    private void Sweep(ReapedChild* child)
    {
        long before = SignalSafeCalls.Nanoseconds();
        _isSweepPutOff = before < _nextSweep;
        if (_isSweepPutOff)
        {
            return;
        }

        WaitId(SignalSafeCalls.P_ALL, 0, child);
        if (child->Pid.IsNone)
        {
            long after = SignalSafeCalls.Nanoseconds();
            long delay = Math.Min((after - before) * SweepShare, MostSweepDelay);
            _nextSweep = after - before > CheapSweep ? after + delay : after;
        }
    }

    private void WaitId(int kind, uint id, ReapedChild* child)
    {
        if (SignalSafeCalls.waitid(kind, id, child, SignalSafeCalls.WEXITED | WNOHANG) == 0)
        {
            return;
        }

        *child = default;
        Errno refusal = SignalSafeCalls.LastError;
        if (refusal is not (Errno.ECHILD or Errno.EINTR))
        {
            _waitRefusal = Wait4(kind == SignalSafeCalls.P_PID ? (int)id : -1, child);
        }
    }

    // A filter may refuse one and know the other. The kernel cannot store the result in the record itself here.
    private static Errno Wait4(int pid, ReapedChild* child)
    {
        const int SignalBits = 0x7F;
        const int ExitShift = 8;
        int status;
        int ended = NativeMethods.wait4(pid, &status, WNOHANG, null);
        if (ended < 0)
        {
            Errno refusal = SignalSafeCalls.LastError;
            return refusal == Errno.ECHILD ? Errno.None : refusal;
        }

        if (ended > 0)
        {
            int signal = status & SignalBits;
            child->Reason = signal == 0 ? EndReason.Exited : EndReason.Killed;
            child->Value = signal == 0 ? (status >> ExitShift) & 0xFF : signal;
            child->Pid = new Pid(ended);
        }

        return Errno.None;
    }

    // ECHILD is the only answer that says no.
    public override bool IsChild(Pid pid) =>
        SignalSafeCalls.waitid(SignalSafeCalls.P_PID, (
            uint)pid.Value, null, SignalSafeCalls.WEXITED | WNOHANG | WNOWAIT) == 0
        || SignalSafeCalls.LastError != Errno.ECHILD;

    // A number belongs to a process, its group and its session, and is given back with the last of them. F_SETOWN looks
    // up only the number, and fails with ESRCH if it is free: decision 52. The owner that it sets has no effect, since
    // O_ASYNC is not set on this descriptor, and is reset.
    public override bool IsSessionGone(Pid leader)
    {
        if (leader.Value <= 1)
        {
            return false;
        }

        if (SignalSafeCalls.fcntl(_wake.Value, F_SETOWN, -leader.Value) < 0)
        {
            return SignalSafeCalls.LastError == Errno.ESRCH;
        }

        _ = SignalSafeCalls.fcntl(_wake.Value, F_SETOWN, 0);
        return false;
    }

    public override Errno Kill(Pid pid, Signal signal) => Send(pid.Value, signal);

    // kill(2) of -1 would be everybody, and of 0 our own group.
    public override Errno KillGroup(Pid group, Signal signal) =>
        group.Value <= 1 ? Errno.ESRCH : Send(-group.Value, signal);

    public override Pid OwnPid() => new(SignalSafeCalls.getpid());

    public override Errno BecomeSubreaper() =>
        NativeMethods.prctl(PR_SET_CHILD_SUBREAPER, (void*)1, 0, 0, 0) < 0 ? SignalSafeCalls.LastError : Errno.None;

    public override void RaisePriority(bool isRaised)
    {
        if (isRaised)
        {
            ProcessPriority.Raise();
        }
        else
        {
            ProcessPriority.Restore();
        }
    }

    public override Errno TakeCtrlAltDel() =>
        NativeMethods.reboot(RB_DISABLE_CAD) < 0 ? SignalSafeCalls.LastError : Errno.None;

    public override Errno TakeKeyboardRequest()
    {
        Errno errno = Open("/dev/tty0\0"u8, OpenMode.Read | OpenMode.Write | OpenMode.CloseOnExec, out FdNumber tty);
        if (errno != Errno.None)
        {
            return errno;
        }

        if (NativeMethods.ioctl(tty.Value, KDSIGACCEPT, Signal.SIGWINCH) < 0)
        {
            errno = SignalSafeCalls.LastError;
        }

        Close(tty);
        return errno;
    }

    private static Errno Send(int target, Signal signal)
    {
        if (target is 0 or -1)
        {
            return Errno.ESRCH;
        }

        return kill(target, signal.Number) < 0 ? SignalSafeCalls.LastError : Errno.None;
    }
}
