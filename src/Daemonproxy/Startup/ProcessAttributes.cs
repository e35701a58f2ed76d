using System;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Shutdown;

namespace Daemonproxy.Startup;

/// <summary>What a process has to ask of the kernel for itself, and every process image after it again.</summary>
internal sealed class ProcessAttributes(SystemCalls kernel, ShutdownState state, Log log)
{
    private bool _lacksKeyboard;

    /// <summary>Makes them; the daemon runs without what is refused, and the log says so.</summary>
    public void Make()
    {
        if (state.Record.IsInit)
        {
            TakeConsole();
        }

        if (state.Record.IsSubreaper)
        {
            Check(kernel.BecomeSubreaper(), "cannot become the parent of orphans: "u8);
        }

        if (state.Record.LocksMemory)
        {
            Check(kernel.LockMemory(), "cannot lock memory: "u8);
        }
    }

    /// <summary>Makes the one that needs a /dev, after the end of a child, which may have mounted it.</summary>
    public void Repeat()
    {
        if (_lacksKeyboard)
        {
            TakeKeyboard();
        }
    }

    private void TakeConsole()
    {
        Errno refused = kernel.TakeCtrlAltDel();
        if (refused == Errno.None)
        {
            TakeKeyboard();
        }

        // In a container there is no ctrl-alt-del to take, and nothing is amiss; but the keyboard, which knows of no
        // containers, is the machine's.
        if (refused is not (Errno.EINVAL or Errno.EPERM))
        {
            Check(refused, "cannot take ctrl-alt-del: "u8);
        }
    }

    private void TakeKeyboard()
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
            EventLine line = log.Begin(LogLevel.Error);
            line.Text(text);
            line.Errno(errno);
            log.End(ref line);
        }
    }
}
