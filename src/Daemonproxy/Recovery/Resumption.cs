using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Daemonproxy.Connections;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Processes;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Startup;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>Why there is an image to go on from.</summary>
internal enum ResumeReason
{
    /// <summary>The process image before this one crashed.</summary>
    Crash,

    /// <summary>It executed this program in its place, on purpose.</summary>
    Replacement,

    /// <summary>It is the parent, which made everything ready for this process in the background.</summary>
    Background,
}

/// <summary>
/// Resumes the daemon from the image that the process before this one left: checks it, computes the indexes, answers
/// the line that crashed, notifies the controllers, and closes descriptors that nobody recorded.
/// </summary>
internal sealed class Resumption(SystemCalls kernel, DaemonComponents daemon)
{
    private readonly Quarantine _quarantine = new();

    // What is neither a connection nor was sent along one: named descriptors, the control socket, and the Image.
    private readonly HashSet<int> _others = [];

    private StateImage Image => daemon.Image;

    /// <summary>
    /// Makes the daemon ready to be activated. The line that crashed is answered, and never run again. After a
    /// replacement on purpose there is nothing to announce.
    /// </summary>
    public void Run(ResumeReason reason)
    {
        ref ImageHeader header = ref Image.Header;
        DisarmUnlessAllowed();
        Image.Pass(CrashPoint.ResumeBegun);
        NoteSuspect();
        Rebuild(isParent: true);
        LogQuarantine();
        daemon.Socket.TakeAccepted(_others);
        CloseUnrecorded();
        OwnOutput();
        Image.Pass(CrashPoint.ResumeChecked);
        Instant now = kernel.Now();
        bool hasReaped = !header.Reaped.Pid.IsNone;
        int crashedIn = header.Work.Service;
        if (reason == ResumeReason.Replacement)
        {
            daemon.Statistics.Add(Counter.Reexecs);
            LogReplacement();
            daemon.UpgradeRequest.Finish();
        }
        else if (reason == ResumeReason.Crash)
        {
            // Those of the resumes before this one, too.
            daemon.Statistics.Raise(Counter.Crashes, header.Crash.Count);
            LogCrash(header.Crash, header.Work);
            AnswerCrashedLine(header.Work);
            Image.Pass(CrashPoint.ResumeAnswered);
            daemon.UpgradeRequest.Abandon();
            NotifyControllers();
            DropSentFault(ref header.Crash);
        }

        // What was noted is dealt with, up to here: a crash before finds the same notes again.
        header.Work = new WorkNote { Step = TurnStep.Starting, Connection = -1, Service = -1 };
        header.Replacing = 0;
        header.Suspect = 0;
        daemon.ServiceManager.Rebuild(hasReaped ? -1 : crashedIn, now);
        if (hasReaped)
        {
            daemon.Reaper.Finish(now, wasService: crashedIn >= 0);
        }
    }

    /// <summary>Checks the records of a copy of the image; the ones that would be quarantined.</summary>
    public Quarantine Check()
    {
        DisarmUnlessAllowed();
        NoteSuspect();
        Rebuild(isParent: false);
        return _quarantine;
    }

    /// <summary>Ends a daemon that crashed too often.</summary>
    public void EndAfterCrashes()
    {
        DisarmUnlessAllowed();
        NoteSuspect();
        Rebuild(isParent: true);
        LogQuarantine();
        daemon.ShutdownSequence.EndAfterCrashes(kernel.Now());
    }

    // A crash can be armed only where debug.crash is allowed.
    private void DisarmUnlessAllowed()
    {
        ref ImageHeader header = ref Image.Header;
        bool isKnown = header.CrashPoint is >= 0 and <= CrashPointText.Count
            && header.CrashKind is >= 0 and <= CrashKindText.Count;
        if (!daemon.Settings.AllowsDebugCrash || !isKnown)
        {
            header.CrashPoint = 0;
            header.CrashKind = 0;
            header.Crash.IsArmed = 0;
        }
    }

    // What was being changed is free to be changed, and looked at with suspicion; also by a resume after this one.
    private void NoteSuspect()
    {
        if (Image.Header.Changing != 0)
        {
            Image.Header.Suspect = Image.Header.Changing;
            Image.Header.Changing = 0;
        }
    }

    private void Rebuild(bool isParent)
    {
        Assertion.Require(daemon.TryReserve());
        DoubtReaped(isParent);
        daemon.Settings.Rebuild(_quarantine, kernel.Now());
        daemon.ShutdownState.Rebuild(_quarantine);
        daemon.Log.Rebuild(_quarantine);
        daemon.Statistics.Rebuild(_quarantine);
        daemon.Signals.Rebuild(_quarantine);
        daemon.Fds.Rebuild(_quarantine, _others);
        daemon.Services.Rebuild(_quarantine, new ChildCheck(kernel, Image.Header.Reaped.Pid, isParent));
        daemon.Socket.Rebuild(_quarantine);
        _others.UnionWith([daemon.Socket.Listener.Value, Image.Fd.Value]);
        daemon.Connections.Rebuild(_quarantine, _others);
        daemon.UpgradeRequest.Rebuild(_quarantine);
        daemon.Log.Connect(daemon.Fds);
    }

    // A child that the kernel still reports was not reaped.
    private void DoubtReaped(bool isParent)
    {
        Pid reaped = Image.Header.Reaped.Pid;
        if (isParent && !reaped.IsNone && (reaped.Value < 0 || kernel.IsChild(reaped)))
        {
            Image.Header.Reaped = default;
        }
    }

    // Before anything else can fail: the next resume would not find these records, and log nothing of them.
    private void LogQuarantine()
    {
        foreach (ref readonly QuarantineNote note in _quarantine.Notes)
        {
            if (note.Name.IsEmpty)
            {
                LogMessages.Quarantined(daemon.Log, note.Kind, note.Index, note.Corruption.Text());
            }
            else
            {
                LogMessages.QuarantinedNamed(
                    daemon.Log, note.Kind, note.Index, note.Name.Value, note.Corruption.Text());
            }
        }

        int more = _quarantine.Count - _quarantine.Notes.Length;
        if (more > 0)
        {
            LogMessages.QuarantinedMore(daemon.Log, more);
        }
    }

    // The end of a session makes its output blocking again; a crash in between must not leave it so.
    private void OwnOutput()
    {
        foreach (Connection connection in daemon.Connections.All)
        {
            if (connection.Record.Kind == ConnectionKind.Interactive && daemon.ShutdownState.IsOutputOurs)
            {
                kernel.SetNonblocking(connection.Record.Output, true);
            }
        }
    }

    private void NotifyControllers()
    {
        foreach (Connection connection in daemon.Connections.All)
        {
            if (connection.IsInUse)
            {
                connection.TellResumed();
            }
        }
    }

    // A fatal signal that was sent twice in a turn has become this crash; a program to execute on exit is still due.
    private void DropSentFault(ref CrashNote crash)
    {
        if (crash.Sent != 0 && !daemon.ShutdownState.HasExec)
        {
            crash.Sent = 0;
        }
    }

    // A descriptor that no record has was being opened or closed when the daemon crashed.
    private void CloseUnrecorded()
    {
        FdNumber[] kept =
            new FdNumber[daemon.Fds.Used + (ConnectionTable.MostNumbers * daemon.Connections.All.Length) + 1];
        int count = daemon.Fds.CollectNumbers(kept);
        count += daemon.Connections.CollectNumbers(kept.AsSpan(count));
        if (!daemon.Socket.Listener.IsNone)
        {
            kept[count++] = daemon.Socket.Listener;
        }

        MemoryMarshal.Cast<FdNumber, int>(kept.AsSpan(0, count)).Sort();
        kernel.CloseAllBut(kept.AsSpan(0, count));
    }

    private void AnswerCrashedLine(in WorkNote work)
    {
        bool isLine = (uint)work.Connection < (uint)daemon.Connections.All.Length
            && work.LineOffset >= 0
            && work.LineLength is >= 0 and < Limits.Line
            && work.LineOffset <= Limits.Inbox - work.LineLength;
        if (isLine && daemon.Connections.All[work.Connection].IsInUse)
        {
            Connection connection = daemon.Connections.All[work.Connection];
            ReadOnlySpan<byte> line = connection.Inbox.Slice(work.LineOffset, work.LineLength);
            if (line.Contains((byte)'\n'))
            {
                return;
            }

            if (connection.Record.Inbox.Start == work.LineOffset && connection.Record.Inbox.Length > 0)
            {
                // Noted, and not taken yet.
                connection.Inbox.Take(work.LineOffset, work.LineLength);
            }

            daemon.Report.Failed(connection, line, Errors.Internal);
        }
    }

    private void LogCrash(in CrashNote crash, in WorkNote work)
    {
        if (!daemon.Log.Wants(LogLevel.Error))
        {
            return;
        }

        EventLine line = daemon.Log.Begin(LogLevel.Error);
        line.Text("daemonproxy crashed ("u8);
        Cause(ref line, crash);
        line.Text(", step "u8);
        line.Text(Word(work.Step));
        if (Image.Header.Suspect != 0)
        {
            line.Text(", changing "u8);
            line.Text(Word((RegionId)(Image.Header.Suspect >> 32)));
        }

        line.Text(") and resumed"u8);
        daemon.Log.End(ref line);
    }

    private static void Cause(ref EventLine line, in CrashNote crash)
    {
        line.Text(crash.Signal == 0 ? "failed assertion or exception"u8 : new Signal(crash.Signal).Text);
        if (crash.Address == CrashNote.SentByOther)
        {
            line.Text(" from another process"u8);
        }
        else if (crash.Address != CrashNote.Raised)
        {
            line.Text(" at address "u8);
            Hexadecimal(ref line, crash.Address);
        }
    }

    private void LogReplacement()
    {
        if (daemon.Log.Wants(LogLevel.Info))
        {
            EventLine line = daemon.Log.Begin(LogLevel.Info);
            line.Text("daemonproxy version "u8);
            line.Text(BuildInfo.Version);
            line.Text(" took over"u8);
            daemon.Log.End(ref line);
        }
    }

    private static void Hexadecimal(ref EventLine line, ulong value)
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
