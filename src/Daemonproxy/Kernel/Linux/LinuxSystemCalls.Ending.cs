using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>Replaces this process by another program, or by the daemon in the background.</summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    /// <summary>SIG_IGN.</summary>
    private const nint Ignore = 1;

    private const uint DescriptorMapBytes = ((uint)HighestDescriptor + 7) / 8;

    /// <summary>
    /// Handlers stay until the kernel resets them by executing: a signal that comes before must not kill us, and one
    /// that comes after finds its default. Only what is ignored would stay so. The descriptors are closed by the
    /// kernel, too, so that all is undone if it refuses. The mask keeps signals sent to us out of what is half done.
    /// </summary>
    public override Errno Execute(ref LaunchPlan plan, ReadOnlySpan<FdNumber> kept)
    {
        byte* marked = stackalloc byte[(int)DescriptorMapBytes];
        new Span<byte>(marked, (int)DescriptorMapBytes).Clear();
        RaisedLimits.Restore();
        ProcessPriority.Restore();
        CrashEntry.RestoreError();
        ulong previous;
        SignalSafeCalls.ChangeMask(SIG_SETMASK, ulong.MaxValue, &previous);
        MarkAllBut(kept, marked);
        SignalHandlers.HandleDropped(_counted);
        ulong ignored = 0;
        for (int signal = 1; signal <= Signal.Highest; signal++)
        {
            if (SignalSafeCalls.Disposition(signal) == Ignore)
            {
                ignored |= 1UL << (signal - 1);
                SignalSafeCalls.SetDisposition(signal, 0);
            }
        }

        Errno reason;
        ulong files = LaunchChild.OpenFiles;
        _ = files != 0 ? ChildAttributes.LowerOpenFiles(files) : Errno.None;
        fixed (LaunchPlan* shared = &plan)
        {
            SignalSafeCalls.ChangeMask(SIG_SETMASK, 0, null);
            reason = LaunchChild.Search(shared);
        }

        _ = files != 0 ? RaiseOpenFiles() : 0;

        SignalSafeCalls.ChangeMask(SIG_SETMASK, ulong.MaxValue, null);
        for (int signal = 1; signal <= Signal.Highest; signal++)
        {
            if (((ignored >> (signal - 1)) & 1) != 0)
            {
                SignalSafeCalls.SetDisposition(signal, Ignore);
            }
        }

        Unmark(marked);
        SignalSafeCalls.ChangeMask(SIG_SETMASK, previous, null);
        KeepErrorAsideAgain();
        return reason;
    }

    public override Errno Daemonize(FdNumber image, out Pid pid, out FdNumber word)
    {
        pid = default;
        word = FdNumber.None;
        Errno reason = Open("/dev/null\0"u8, OpenMode.Read | OpenMode.Write | OpenMode.CloseOnExec, out FdNumber file);
        FdNumber nothing = AboveStandard(file.Value);
        FdNumber ready = FdNumber.None;
        if (reason == Errno.None)
        {
            reason = nothing.IsNone ? SignalSafeCalls.LastError : ReadyPipe(out word, out ready);
        }

        if (reason == Errno.None)
        {
            reason = CrashHandler.StartSuccessor(_vectors, image, ready, nothing, out pid);
        }

        CloseIfOpen(nothing);
        CloseIfOpen(ready);
        if (reason != Errno.None)
        {
            CloseIfOpen(word);
            word = FdNumber.None;
        }

        return reason;
    }

    public override void NotifyReady()
    {
        if (!_ready.IsNone)
        {
            int sent = 0;
            FdNumber ready = _ready;
            _ready = FdNumber.None;
            _ = Write(ready, "\n"u8, ref sent);
            Close(ready);
        }
    }

    // Both ends above 2, where the child puts /dev/null, and close-on-exec.
    public static Errno ReadyPipe(out FdNumber reader, out FdNumber writer)
    {
        reader = FdNumber.None;
        writer = FdNumber.None;
        int* ends = stackalloc int[2];
        if (pipe2(ends, O_CLOEXEC) < 0)
        {
            return SignalSafeCalls.LastError;
        }

        reader = AboveStandard(ends[0]);
        Errno reason = reader.IsNone ? SignalSafeCalls.LastError : Errno.None;
        writer = AboveStandard(ends[1]);
        return reason == Errno.None && writer.IsNone ? SignalSafeCalls.LastError : reason;
    }

    private void CloseIfOpen(FdNumber fd)
    {
        if (!fd.IsNone)
        {
            Close(fd);
        }
    }

    // Close-on-exec for every descriptor above 2 but the given ones, and a note of those that were not.
    private void MarkAllBut(ReadOnlySpan<FdNumber> kept, byte* marked)
    {
        int at = 0;
        for (int fd = NextOpen(FirstOwn); fd >= 0; fd = NextOpen(fd + 1))
        {
            while (at < kept.Length && kept[at].Value < fd)
            {
                at++;
            }

            bool isKept = at < kept.Length && kept[at].Value == fd;
            if (!isKept)
            {
                Mark(fd, marked);
            }
        }

        // Opened with O_PATH: poll(2), by which the others are found, takes it for closed.
        if (!_program.IsNone)
        {
            Mark(_program.Value, marked);
        }
    }

    private static void Mark(int fd, byte* marked)
    {
        if (SignalSafeCalls.fcntl(fd, F_GETFD, 0) == 0)
        {
            _ = SignalSafeCalls.fcntl(fd, F_SETFD, FD_CLOEXEC);
            marked[fd / 8] |= (byte)(1 << (fd % 8));
        }
    }

    private void Unmark(byte* marked)
    {
        for (int fd = FirstOwn; fd < _descriptorLimit; fd++)
        {
            if (((marked[fd / 8] >> (fd % 8)) & 1) != 0)
            {
                _ = SignalSafeCalls.fcntl(fd, F_SETFD, 0);
            }
        }
    }
}
