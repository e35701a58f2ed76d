namespace Daemonproxy.Kernels;

/// <summary>Processes: clone(2), waitid(2), kill(2), prctl(2), reboot(2).</summary>
internal sealed unsafe partial class LinuxKernel
{
    private const int WNOHANG = 1;
    private const int PR_SET_CHILD_SUBREAPER = 36;
    private const int RB_DISABLE_CAD = 0;

    public override Errno Spawn(ref LaunchPlan plan, ref Pid pid)
    {
        fixed (LaunchPlan* shared = &plan)
        fixed (Pid* stored = &pid)
        {
            return Launcher.Launch(shared, (int*)stored);
        }
    }

    public override void Reap(ref ReapedChild child)
    {
        fixed (ReapedChild* information = &child)
        {
            if (Bare.waitid(Bare.P_ALL, 0, information, Bare.WEXITED | WNOHANG) != 0)
            {
                child = default;
            }
        }
    }

    public override Errno Kill(Pid pid, Signal signal) => Send(pid.Value, signal);

    // kill(2) of -1 would be everybody, and of 0 our own group.
    public override Errno KillGroup(Pid group, Signal signal) =>
        group.Value <= 1 ? Errno.ESRCH : Send(-group.Value, signal);

    public override Pid OwnPid() => new(Bare.getpid());

    public override Errno BecomeSubreaper() =>
        Native.prctl(PR_SET_CHILD_SUBREAPER, (void*)1, 0, 0, 0) < 0 ? Bare.LastError : Errno.None;

    public override Errno TakeCtrlAltDel() =>
        Native.reboot(RB_DISABLE_CAD) < 0 ? Bare.LastError : Errno.None;

    private static Errno Send(int target, Signal signal)
    {
        if (target is 0 or -1)
        {
            return Errno.ESRCH;
        }

        return Native.kill(target, signal.Number) < 0 ? Bare.LastError : Errno.None;
    }
}
