using System;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Shutdown;

/// <summary>
/// The end of a daemon that has run: what the log says, the program that is executed instead of exiting, and what
/// happens when that is not possible.
/// </summary>
internal sealed class ShutdownSequence(SystemCalls kernel, Daemon daemon, ExecOnExit program)
{
    private static readonly FdNumber StandardOutput = new(1);
    private readonly FdNumber[] _kept = new FdNumber[daemon.Fds.Capacity];

    /// <summary>
    /// Ends the daemon as far as that is possible from inside: true when it is to exit with its code. It goes on when
    /// nothing but a program in its place may end it, and that cannot be executed.
    /// </summary>
    public bool Take(Instant now)
    {
        ShutdownLog.Say(daemon.Log, daemon.Services);
        daemon.Socket.RemoveFile();
        bool ownsOutput = daemon.ShutdownState.IsOutputOurs;
        if (ownsOutput)
        {
            // The flag belongs to the open file, which outlives us where somebody else has it.
            kernel.SetNonblocking(StandardOutput, false);
        }

        if (daemon.ShutdownState.HasExec)
        {
            Execute(now);
        }

        bool goesOn = daemon.ShutdownState.MustNotExit;
        daemon.Log.Flush(now);
        if (goesOn)
        {
            if (ownsOutput)
            {
                kernel.SetNonblocking(StandardOutput, true);
            }

            daemon.Socket.Restore();
            daemon.ShutdownState.GoOn();
        }

        return !goesOn;
    }

    /// <summary>
    /// The end of a daemon that crashed too often: the program in its place. When there is none, it is to exit; process
    /// 1, whose exit would stop the machine, is left with burying orphans.
    /// </summary>
    public void TakeLast(Instant now)
    {
        daemon.ShutdownState.End(ExitCode.BrokenState, "crashed too often"u8);
        LogMessages.CrashedTooOften(daemon.Log);
        daemon.Socket.RemoveFile();
        if (daemon.ShutdownState.HasExec)
        {
            Execute(now);
        }

        daemon.Log.Flush(now);
    }

    private void Execute(Instant now)
    {
        ref readonly DaemonRecord record = ref daemon.ShutdownState.Record;
        LogMessages.ExecOnExit(daemon.Log, ExecOnExit.ProgramOf(record.ExecArgs.Value));
        daemon.Log.Flush(now);
        int count = daemon.Fds.CollectNumbers(_kept);
        MemoryMarshal.Cast<FdNumber, int>(_kept.AsSpan(0, count)).Sort();
        Errno errno = program.Execute(
            record.ExecArgs.Value, record.ExitCode, record.Reason.Value, _kept.AsSpan(0, count));
        LogMessages.CannotExec(daemon.Log, ExecOnExit.ProgramOf(record.ExecArgs.Value), errno);
    }
}
