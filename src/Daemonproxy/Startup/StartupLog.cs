using System;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Startup;

/// <summary>
/// Messages before there is a daemon with a log: printed at once on standard error, by the current filter. A daemon
/// that goes into the background prints only errors.
/// </summary>
internal sealed class StartupLog(SystemCalls kernel, StartOptions options)
{
    public void Say(LogLevel level, ReadOnlySpan<byte> text)
    {
        if (level <= options.Filter || (options.IsDaemonized && level < LogLevel.Error))
        {
            return;
        }

        LineWriter line = new(new byte[(4 * text.Length) + 32]);
        line.Text(level.Text());
        line.Text(": "u8);
        LogEscaping.Escape(text, ref line, most: int.MaxValue);
        line.Byte((byte)'\n');
        int sent = 0;
        kernel.Identify(kernel.ErrorStream, out FdIdentity identity);
        kernel.WriteLog(kernel.ErrorStream, identity.Kind, line.Written, ref sent);
    }

    /// <summary>Logs an error of the start, which may continue nevertheless.</summary>
    public void Fatal(ReadOnlySpan<byte> text, bool continues)
    {
        LineWriter line = new(new byte[text.Length + 32]);
        line.Text(continues ? "(attempting to continue) "u8 : default);
        line.Text(text);
        Say(LogLevel.Fatal, line.Written);
    }
}
