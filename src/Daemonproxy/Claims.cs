using Daemonproxy.Kernels;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy;

/// <summary>What a process has to ask of the kernel for itself, and every process image after it again.</summary>
internal static class Claims
{
    /// <summary>Makes them; the daemon runs without what is refused, and the log says so.</summary>
    public static void Make(Kernel kernel, Lifetime lifetime, Log log)
    {
        // In a container there is no ctrl-alt-del to take, and nothing is amiss.
        Errno refused = lifetime.Record.IsInit ? kernel.TakeCtrlAltDel() : Errno.None;
        if (refused is not (Errno.EINVAL or Errno.EPERM))
        {
            Check(refused, "cannot take ctrl-alt-del: "u8, log);
        }

        if (lifetime.Record.IsSubreaper)
        {
            Check(kernel.BecomeSubreaper(), "cannot become the parent of orphans: "u8, log);
        }

        if (lifetime.Record.LocksMemory)
        {
            Check(kernel.LockMemory(), "cannot lock memory: "u8, log);
        }
    }

    private static void Check(Errno errno, System.ReadOnlySpan<byte> text, Log log)
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
