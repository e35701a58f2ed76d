using System;
using Daemonproxy.Connections;
using Daemonproxy.Kernel;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Shutdown;

/// <summary>
/// Tells the supervisor of the daemon, where it has one that listens, that the config has run, that the daemon is well,
/// and that it ends: sd_notify(3), sd_watchdog_enabled(3). A process image that resumes tells the first again, which
/// changes nothing.
/// </summary>
internal sealed class SupervisorNotice(SystemCalls kernel, ConnectionTable connections, ShutdownState state)
    : EventSource
{
    // The socket of the supervisor was full.
    private const int RetrySeconds = 1;

    private bool _isReadyTold;
    private bool _isStoppingTold;
    private Instant _next = Instant.None;

    public override Instant PrepareWait(Instant now) => kernel.HasSupervisor && !IsQuiet ? _next : Instant.Never;

    /// <summary>At the end of a turn.</summary>
    public override void Run(TurnStep step, ref Instant now)
    {
        if (!kernel.HasSupervisor)
        {
            return;
        }

        if (state.IsEnding && !_isStoppingTold)
        {
            _isStoppingTold = kernel.NotifySupervisor("STOPPING=1"u8) == Errno.None;
        }

        if (_next > now || IsQuiet)
        {
            return;
        }

        bool isSent = _isReadyTold ? kernel.NotifySupervisor("WATCHDOG=1"u8) == Errno.None : TellReady();
        long interval = kernel.SupervisorWatchdog / 2 * 1000;
        _next = !isSent ? now + new Seconds(RetrySeconds)
            : interval > 0 ? new Instant(now.Nanoseconds + interval)
            : Instant.Never;
    }

    // The supervisor is not notified before the config has run.
    private bool IsQuiet => !_isReadyTold && ReadsConfig();

    private bool TellReady()
    {
        Span<byte> room = stackalloc byte[64];
        LineWriter text = new(room);
        text.Text("READY=1\nMAINPID="u8);
        text.Pid(kernel.OwnPid());
        _isReadyTold = kernel.NotifySupervisor(text.Written) == Errno.None;
        return _isReadyTold;
    }

    private bool ReadsConfig()
    {
        foreach (Connection connection in connections.Used)
        {
            if (connection.IsInUse && connection.Record.Kind == ConnectionKind.Config)
            {
                return true;
            }
        }

        return false;
    }
}
