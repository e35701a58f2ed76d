using System;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Startup;

/// <summary>
/// Attributes of the process that the kernel drops when a program is executed: each process image requests them again.
/// </summary>
internal sealed class DaemonAttributes(SystemCalls kernel, DaemonSettings settings, Log log) : EventSource
{
    private bool _lacksKeyboard;

    /// <summary>True if process 1 is that of a container: the kernel refuses it ctrl-alt-del, reboot(2).</summary>
    public bool IsContained { get; private set; }

    /// <summary>Requests them; the daemon runs without those that the kernel refuses, and logs that.</summary>
    public void Request()
    {
        if (settings.IsInit)
        {
            RequestConsoleSignals();
        }

        if (settings.IsSubreaper)
        {
            Check(kernel.BecomeSubreaper(), "cannot become the parent of orphans: "u8);
        }

        if (settings.LocksMemory)
        {
            Check(kernel.LockMemory(), "cannot lock memory: "u8);
        }
    }

    /// <summary>
    /// Requests the keyboard's signal again if /dev/tty0 was missing: a child that ended may have mounted /dev.
    /// </summary>
    public override void Run(TurnStep step, ref Instant now)
    {
        if (_lacksKeyboard)
        {
            RequestKeyboardSignal();
        }
    }

    private void RequestConsoleSignals()
    {
        Errno refused = kernel.TakeCtrlAltDel();
        if (refused == Errno.None)
        {
            RequestKeyboardSignal();
        }

        // In a container there is no ctrl-alt-del to take, which is not an error; but the keyboard belongs to the
        // machine.
        IsContained = refused is Errno.EINVAL or Errno.EPERM;
        if (!IsContained)
        {
            Check(refused, "cannot take ctrl-alt-del: "u8);
        }
    }

    private void RequestKeyboardSignal()
    {
        Errno refused = kernel.TakeKeyboardRequest();
        _lacksKeyboard = refused is Errno.ENOENT or Errno.ENOTDIR;
        if (!_lacksKeyboard && refused is not (Errno.ENXIO or Errno.ENODEV))
        {
            Check(refused, "cannot take the keyboard's request: "u8);
        }
    }

    private void Check(Errno errno, ReadOnlySpan<byte> text)
    {
        if (errno != Errno.None && log.Wants(LogLevel.Error))
        {
            LineWriter line = log.Begin(LogLevel.Error);
            line.Text(text);
            line.Errno(errno);
            log.End(ref line);
        }
    }
}
