using System;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Shutdown;

/// <summary>
/// A fatal signal (SIGSEGV and its like) that another process sent. Its handler only notes it in the image; it is acted
/// on at the end of the turn, where nothing is half done.
/// </summary>
internal sealed class SentFault(SystemCalls kernel, StateImage image, ShutdownState shutdown, Log log) : EventSource
{
    public override void Run(TurnStep step, ref Instant now)
    {
        int signal = image.Header.Crash.Sent;
        if (signal == 0)
        {
            return;
        }

        image.Header.Crash.Sent = 0;
        if (!shutdown.HasExec)
        {
            kernel.Crash(new Signal(signal));
        }

        // The sender wants this process gone, and there is a program to execute instead.
        Span<byte> room = stackalloc byte[FixedText.Longest];
        LineWriter reason = new(room);
        reason.Text("got "u8);
        reason.Signal(new Signal(signal));
        log.Say(LogLevel.Error, reason.Written);
        shutdown.End(ExitCode.BrokenState, reason.Written);
    }
}
