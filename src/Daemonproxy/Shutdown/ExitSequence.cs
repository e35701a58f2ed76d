using System;
using System.Runtime.InteropServices;
using Daemonproxy.Collections;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Services;

namespace Daemonproxy.Shutdown;

/// <summary>
/// The end of a daemon that has run: the last log lines, the removal of the control sockets, and the program that is
/// executed instead of exiting.
/// </summary>
internal sealed class ExitSequence(
    SystemCalls kernel,
    ShutdownState state,
    Log log,
    ConnectionTable connections,
    ServiceTable services,
    FdTable fds,
    ControlSockets sockets,
    SocketFileCleanup files,
    ExecOnExit program)
{
    private readonly FixedArray<FdNumber> _kept = new(kernel, fds.Capacity);

    /// <summary>
    /// Ends the daemon as far as that is possible from inside; true when it is to exit with its code. False when it
    /// keeps running: only a program in its place may end it, and that cannot be executed.
    /// </summary>
    public bool TryEnd(Instant now)
    {
        LogServices();
        sockets.RemoveFiles();
        if (state.HasExec)
        {
            Execute(now);
        }

        bool keepsRunning = state.MustNotExit;
        log.FlushLast(now);
        if (keepsRunning)
        {
            sockets.Restore();
            state.CancelEnd();
        }
        else
        {
            connections.LeaveOutput();
            files.RemoveUnused();
        }

        return !keepsRunning;
    }

    /// <summary>
    /// The end of a daemon that crashed too often: executes the program in its place. Without one the process is to
    /// exit; process 1, whose exit would stop the machine, only reaps orphans from then on.
    /// </summary>
    public void EndAfterCrashes(Instant now)
    {
        state.End(ExitCode.BrokenState, "crashed too often"u8);
        LogMessages.CrashedTooOften(log);
        sockets.RemoveFiles();
        if (state.HasExec)
        {
            Execute(now);
        }

        log.FlushLast(now);
        files.RemoveUnused();
    }

    private void LogServices()
    {
        LogMessages.Exiting(log);
        for (int index = 0; index < services.HighWater; index++)
        {
            ref readonly ServiceRecord record = ref services[new ServiceIndex(index)];
            if (record.State == ServiceState.Up)
            {
                LogMessages.StillRunning(log, record.Name.Value, record.Pid);
            }
        }
    }

    private void Execute(Instant now)
    {
        LogMessages.ExecOnExit(log, ExecOnExit.ProgramOf(state.ExecArgs));
        connections.LeaveOutput();
        log.FlushLast(now);
        Span<FdNumber> kept = _kept.Span[..fds.CollectNumbers(_kept.Span)];
        MemoryMarshal.Cast<FdNumber, int>(kept).Sort();
        Errno errno = program.Execute(state.ExecArgs, state.ExitCode, state.Reason, kept);
        LogMessages.CannotExec(log, ExecOnExit.ProgramOf(state.ExecArgs), errno);
    }
}
