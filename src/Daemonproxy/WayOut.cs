using System;
using System.Runtime.InteropServices;
using Daemonproxy.Kernels;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Time;

namespace Daemonproxy;

/// <summary>
/// The end of a daemon that has run: what the log says, the program that is executed instead of exiting, and what
/// happens when that is not possible.
/// </summary>
internal sealed class WayOut(Kernel kernel, Daemon daemon, ExitProgram program)
{
    private static readonly FdNumber StandardOutput = new(1);
    private readonly FdNumber[] _kept = new FdNumber[daemon.Fds.Capacity];

    /// <summary>
    /// Ends the daemon as far as that is possible from inside: true when it is to exit with its code. It goes on when
    /// nothing but a program in its place may end it, and that cannot be executed.
    /// </summary>
    public bool Take(Instant now)
    {
        Farewell.Say(daemon.Log, daemon.Services);
        daemon.Socket.RemoveFile();
        bool ownsOutput = daemon.Lifetime.IsOutputOurs;
        if (ownsOutput)
        {
            // The flag belongs to the open file, which outlives us where somebody else has it.
            kernel.SetNonblocking(StandardOutput, false);
        }

        if (daemon.Lifetime.HasExec)
        {
            Execute(now);
        }

        bool goesOn = daemon.Lifetime.MustNotExit;
        daemon.Log.Flush(now);
        if (goesOn)
        {
            if (ownsOutput)
            {
                kernel.SetNonblocking(StandardOutput, true);
            }

            daemon.Socket.Restore();
            daemon.Lifetime.GoOn();
        }

        return !goesOn;
    }

    /// <summary>
    /// The end of a daemon that crashed too often: the program in its place. When there is none, it is to exit; process
    /// 1, whose exit would stop the machine, is left with burying orphans.
    /// </summary>
    public void TakeLast(Instant now)
    {
        daemon.Lifetime.End(ExitCode.BrokenState, "crashed too often"u8);
        LogMessages.CrashedTooOften(daemon.Log);
        daemon.Socket.RemoveFile();
        if (daemon.Lifetime.HasExec)
        {
            Execute(now);
        }

        daemon.Log.Flush(now);
    }

    private void Execute(Instant now)
    {
        ref readonly LifetimeRecord record = ref daemon.Lifetime.Record;
        LogMessages.ExecOnExit(daemon.Log, ExitProgram.ProgramOf(record.ExecArgs.Value));
        daemon.Log.Flush(now);
        int count = daemon.Fds.CollectNumbers(_kept);
        MemoryMarshal.Cast<FdNumber, int>(_kept.AsSpan(0, count)).Sort();
        Errno errno = program.Execute(
            record.ExecArgs.Value, record.ExitCode, record.Reason.Value, _kept.AsSpan(0, count));
        LogMessages.CannotExec(daemon.Log, ExitProgram.ProgramOf(record.ExecArgs.Value), errno);
    }
}
