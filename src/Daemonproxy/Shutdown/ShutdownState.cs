using System;
using Daemonproxy.State;

namespace Daemonproxy.Shutdown;

/// <summary>
/// The state of the shutdown: the guard, the program to execute on exit, the exit code and its reason. In the image, so
/// that it outlives a crash.
/// </summary>
internal sealed class ShutdownState(StateImage image)
{
    private readonly Region<DaemonRecord> _record = new(image, RegionId.Settings);

    /// <summary>No further command runs, and the turn is the last.</summary>
    public bool IsEnding => _record[0].IsEnding;

    /// <summary>The exit code of the process, 0 to 255.</summary>
    public int ExitCode => _record[0].ExitCode;

    /// <summary>The reason of the end.</summary>
    public ReadOnlySpan<byte> Reason => _record[0].Reason.Value;

    /// <summary>True if a program of release 0.1 made the output of the session nonblocking.</summary>
    public bool IsOutputOurs => _record[0].IsOutputOurs;

    /// <summary>The code of the guard; 0 is none.</summary>
    public long Guard => _record[0].Guard;

    /// <summary>True if there is a program to be executed instead of exiting.</summary>
    public bool HasExec => !_record[0].ExecArgs.IsEmpty;

    /// <summary>The program to execute instead of exiting and its arguments, separated by TABs.</summary>
    public ReadOnlySpan<byte> ExecArgs => _record[0].ExecArgs.Value;

    /// <summary>
    /// True if the daemon must not exit: under a guard, and as process 1. It ends only by executing a program.
    /// </summary>
    public bool MustNotExit => (Guard != 0 || _record[0].IsInit) && !IsReleased;

    /// <summary>True if it may exit although it is process 1: in a container that is of use.</summary>
    public bool IsReleased => _record[0].IsReleased;

    /// <summary>It may exit, whatever it is.</summary>
    public void Release()
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record.IsReleased = true;
    }

    /// <summary>Sets the code of the guard; 0 lifts it.</summary>
    public void SetGuard(long code)
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record.Guard = code;
    }

    /// <summary>Sets the program to execute instead of exiting; at most 255 bytes.</summary>
    public void SetExec(ReadOnlySpan<byte> args)
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record.ExecArgs = FixedText.From(args);
    }

    /// <summary>The output of the session is as it was found.</summary>
    public void LeaveOutput()
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record.IsOutputOurs = false;
    }

    /// <summary>Ends the daemon after this turn, with this code and reason; only the first call counts.</summary>
    public void End(int exitCode, ReadOnlySpan<byte> reason)
    {
        if (!IsEnding)
        {
            using RecordWriter<DaemonRecord> change = _record.Change(0);
            change.Record.ExitCode = exitCode;
            change.Record.Reason = FixedText.From(reason);
            change.Record.IsEnding = true;
        }
    }

    /// <summary>Cancels the end: the daemon keeps running.</summary>
    public void CancelEnd()
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record.IsEnding = false;
    }
}
