using System;
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;
using Daemonproxy.Startup;
using Daemonproxy.State;

namespace Daemonproxy.Shutdown;

/// <summary>When the daemon started and whether it is about to end; in the image, since it outlives a crash.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DaemonRecord
{
    public Instant Started;
    public bool IsEnding;
    public int ExitCode;

    /// <summary>
    /// Whether the output of the interactive session was made nonblocking by us, and is to be put back.
    /// </summary>
    public bool IsOutputOurs;

    /// <summary>Whether the command debug.crash is there.</summary>
    public bool AllowsDebugCrash;

    /// <summary>The code of the guard against accidental termination; 0 is no guard.</summary>
    public long Guard;

    /// <summary>Whether we are process 1, whose exit stops the machine.</summary>
    public bool IsInit;

    /// <summary>What has to be asked of the kernel by every process image anew.</summary>
    public bool LocksMemory;
    public bool IsSubreaper;

    /// <summary>The most bytes of text of one service, and of one descriptor.</summary>
    public int MostServiceText;
    public int MostFdText;

    /// <summary>What to execute instead of exiting, arguments separated by TABs; nothing when empty.</summary>
    public FixedText ExecArgs;

    /// <summary>Why the daemon ends.</summary>
    public FixedText Reason;
}

/// <summary>The one place that says whether the daemon goes on.</summary>
internal sealed class ShutdownState(StateImage image)
{
    private readonly Region<DaemonRecord> _record = new(image, RegionId.Settings);

    /// <summary>All that is settled at the start.</summary>
    public ref readonly DaemonRecord Record => ref _record[0];

    public Instant Started => _record[0].Started;

    /// <summary>No further command runs, and the turn is the last.</summary>
    public bool IsEnding => _record[0].IsEnding;

    /// <summary>What the process ends with, 0 to 255.</summary>
    public int ExitCode => _record[0].ExitCode;

    public bool IsOutputOurs => _record[0].IsOutputOurs;

    public bool AllowsDebugCrash => _record[0].AllowsDebugCrash;

    /// <summary>The code of the guard; 0 is none.</summary>
    public long Guard => _record[0].Guard;

    /// <summary>Whether there is a program to be executed instead of exiting.</summary>
    public bool HasExec => !_record[0].ExecArgs.IsEmpty;

    /// <summary>Whether nothing but a program in our place can end us: under a guard, and for process 1.</summary>
    public bool MustNotExit => Guard != 0 || _record[0].IsInit;

    /// <summary>The most bytes of text of one service, and of one descriptor: whatever the image says, sane.</summary>
    public int MostServiceText => (int)Math.Clamp(
        _record[0].MostServiceText, OptionLimits.ServicePoolBytesLeast, OptionLimits.ServicePoolBytesMost);

    public int MostFdText => (int)Math.Clamp(
        _record[0].MostFdText, OptionLimits.FdPoolBytesLeast, OptionLimits.FdPoolBytesMost);

    public bool TryReserve() => _record.TryReserve(0);

    /// <summary>After a resume: what makes no sense is as it is where nobody has set it.</summary>
    public void Rebuild(Quarantine quarantine, Instant now)
    {
        if (Started.IsNone || !Started.IsPlausible)
        {
            quarantine.Add(RecordKind.Setting, 0, Corruption.Time);
            using RecordWriter<DaemonRecord> change = _record.Change(0);
            change.Record.Started = now;
        }

        // An argument may have any byte but this one.
        if (_record[0].ExecArgs.Value.Contains((byte)0))
        {
            quarantine.Add(RecordKind.Setting, 0, Corruption.Text);
            SetExec(default);
        }
    }

    /// <summary>The first thing to be written: what is settled at the start.</summary>
    public void Begin(in DaemonRecord settings)
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record = settings;
    }

    /// <summary>Sets the code of the guard; 0 lifts it.</summary>
    public void SetGuard(long code)
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record.Guard = code;
    }

    /// <summary>Sets what to execute instead of exiting; at most 255 bytes.</summary>
    public void SetExec(ReadOnlySpan<byte> args)
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record.ExecArgs = FixedText.From(args);
    }

    public void OwnOutput(bool isOurs)
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record.IsOutputOurs = isOurs;
    }

    /// <summary>Ends the daemon with this code when the turn is done, and why; the first call counts.</summary>
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

    /// <summary>It does not end after all.</summary>
    public void GoOn()
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record.IsEnding = false;
    }
}
