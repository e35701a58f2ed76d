using System;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Startup;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>The log lines of a resumption.</summary>
internal sealed class RecoveryReport(DaemonComponents daemon)
{
    /// <summary>
    /// Logs the records that failed their check. Before anything else can fail: the next resume would not find them.
    /// </summary>
    public void LogQuarantine(QuarantineList quarantine)
    {
        foreach (ref readonly QuarantineNote note in quarantine.Notes)
        {
            if (note.Name.IsEmpty)
            {
                LogMessages.Quarantined(daemon.Log, note.Kind, note.Index, note.QuarantineReason.Text());
            }
            else
            {
                LogMessages.QuarantinedNamed(
                    daemon.Log, note.Kind, note.Index, note.Name.Value, note.QuarantineReason.Text());
            }
        }

        int more = quarantine.Count - quarantine.Notes.Length;
        if (more > 0)
        {
            LogMessages.QuarantinedMore(daemon.Log, more);
        }
    }

    /// <summary>Logs the crash: its cause, the step of the turn, and the record that was being changed.</summary>
    public void LogCrash()
    {
        ref ImageHeader header = ref daemon.Image.Header;
        if (!daemon.Log.Wants(LogLevel.Error))
        {
            return;
        }

        LineWriter line = daemon.Log.Begin(LogLevel.Error);
        line.Text("daemonproxy crashed ("u8);
        WriteCause(ref line, header.Crash);
        line.Text(", step "u8);
        line.Text(Word(header.Work.Step));
        if (header.Suspect != 0)
        {
            line.Text(", changing "u8);
            line.Text(Word((RegionId)(header.Suspect >> 32)));
        }

        line.Text(") and resumed"u8);
        daemon.Log.End(ref line);
    }

    private static void WriteCause(ref LineWriter line, in CrashNote crash)
    {
        line.Text(crash.Signal == 0 ? "failed assertion or exception"u8 : new Signal(crash.Signal).Text);
        if (crash.Address == CrashNote.SentByOther)
        {
            line.Text(" from another process"u8);
        }
        else if (crash.Address != CrashNote.Raised)
        {
            line.Text(" at address "u8);
            WriteHexadecimal(ref line, crash.Address);
        }
    }

    /// <summary>Logs that this program took over from another one.</summary>
    public void LogReplacement()
    {
        if (daemon.Log.Wants(LogLevel.Info))
        {
            LineWriter line = daemon.Log.Begin(LogLevel.Info);
            line.Text("daemonproxy version "u8);
            line.Text(BuildInfo.Version);
            line.Text(" took over"u8);
            daemon.Log.End(ref line);
        }
    }

    private static void WriteHexadecimal(ref LineWriter line, ulong value)
    {
        Span<byte> digits = stackalloc byte[16];
        Assertion.Require(value.TryFormat(digits, out int count, "x"));
        line.Text("0x"u8);
        line.Text(digits[..count]);
    }

    private static ReadOnlySpan<byte> Word(RegionId region) => region switch
    {
        RegionId.Services => "a service"u8,
        RegionId.Fds => "a descriptor"u8,
        RegionId.Connections => "a controller"u8,
        RegionId.Log => "the log"u8,
        RegionId.Counters => "a counter"u8,
        RegionId.Signals => "a signal"u8,
        RegionId.Launches => "a launch"u8,
        RegionId.Helpers => "a helper"u8,
        _ => "a setting"u8,
    };

    private static ReadOnlySpan<byte> Word(TurnStep step) => step switch
    {
        TurnStep.Starting => "starting"u8,
        TurnStep.Waiting => "waiting"u8,
        TurnStep.Signals => "signals"u8,
        TurnStep.Reaping => "reaping"u8,
        TurnStep.Accepting => "accepting"u8,
        TurnStep.Reading => "reading"u8,
        TurnStep.Commands => "commands"u8,
        TurnStep.Launching => "launching"u8,
        TurnStep.Flushing => "flushing"u8,
        TurnStep.Logging => "logging"u8,
        _ => "ending"u8,
    };
}
