using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>Attributes of the daemon: its standard error, its orphans, its priority, and the console.</summary>
internal abstract unsafe partial class SystemCalls
{
    /// <summary>Where last words go: standard error, or the file that was kept aside from it.</summary>
    public abstract FdNumber ErrorStream { get; }

    /// <summary>
    /// Standard error may stop answering: number 2 becomes /dev/null, which children can copy and close, and the file
    /// gets another one of our own. A program that is executed in our place finds it under number 2 again, and is to
    /// call this, too. Nothing changes where no process or number is left for it.
    /// </summary>
    /// <param name="former">The number that it had in the program before, or none.</param>
    public abstract void KeepErrorAside(FdNumber former);

    /// <summary>Orphans among our descendants become our children, PR_SET_CHILD_SUBREAPER.</summary>
    public abstract Errno BecomeSubreaper();

    /// <summary>
    /// A nice value of -3 instead of 0 for this process, and 0 for its children: setpriority(2), SCHED_RESET_ON_FORK.
    /// Nothing changes where the process has another one, or may not have this one. False takes it back.
    /// </summary>
    public abstract void RaisePriority(bool isRaised);

    /// <summary>
    /// Ctrl-alt-del, on a console, becomes SIGINT for process 1 instead of a restart at once: reboot(2) with
    /// RB_DISABLE_CAD. EINVAL in a PID namespace of its own, EPERM for a process that may not.
    /// </summary>
    public abstract Errno TakeCtrlAltDel();

    /// <summary>
    /// The keyboard's request, on a console, by the key that keymaps(5) calls KeyboardSignal, becomes SIGWINCH for this
    /// process: KDSIGACCEPT of ioctl_console(2) for /dev/tty0. ENOENT: that is not there, or not yet; ENXIO, ENODEV:
    /// there are no consoles with a keyboard.
    /// </summary>
    public abstract Errno TakeKeyboardRequest();
}
