using System;
using Daemonproxy.Connections;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Daemonproxy.Shutdown;
using Daemonproxy.Startup;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>
/// Resumes the daemon from the image that the process before this one left: checks it, computes the indexes, answers
/// the line that crashed, notifies the controllers, and closes unrecorded descriptors.
/// </summary>
internal sealed class ResumeSequence(SystemCalls kernel, DaemonComponents daemon)
{
    private readonly RecoveryReport _report = new(daemon);

    private StateImage Image => daemon.Image;

    /// <summary>
    /// The daemon of this image: after a crash, in the place of another program, or for the first time in the
    /// background. Null when it must not run any more, and then the exit code.
    /// </summary>
    public static DaemonComponents? Resume(
        SystemCalls kernel, SharedLaunchData context, FdNumber fd, bool isFirst, out int exitCode)
    {
        exitCode = ExitCode.BrokenState;
        if (ImageOpener.Open(kernel, fd) is not StateImage image)
        {
            return null;
        }

        SignalSet counted = CountedSignals.For(isInit: kernel.OwnPid().Value == 1);
        DaemonComponents components = new(kernel, image, context, counted);
        ResumeSequence sequence = new(kernel, components);
        if (image.Header.Crash.WindowCount > Limits.Crashes)
        {
            sequence.EndAfterCrashes();
            return null;
        }

        sequence.Run(ResumeReasonFinder.Of(image.Header, isFirst));
        return components;
    }

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
        ImageValidator validator = Validate(isParent: true);
        _report.LogQuarantine(validator.Quarantine);
        Instant now = kernel.Now();
        bool[] wasWaiting = FindWaiting();
        daemon.Helpers.Stop(now);
        daemon.Sockets.AdoptAccepted(validator.OtherDescriptors);
        if (!daemon.Settings.ErrorAside.IsNone)
        {
            kernel.KeepErrorAside(daemon.Settings.ErrorAside);
        }

        daemon.UnrecordedDescriptors.Close();

        // What was raised while starts were due outlives the process image.
        kernel.RaisePriority(isRaised: false);
        ShareOutput();
        Image.Pass(CrashPoint.ResumeChecked);
        bool hasReaped = !header.Reaped.Pid.IsNone;
        int crashedIn = header.Work.Service;
        if (reason == ResumeReason.Replacement)
        {
            daemon.Statistics.Add(Counter.Reexecs);
            _report.LogReplacement();
            daemon.UpgradeSequence.Finish();
        }
        else if (reason == ResumeReason.Crash)
        {
            // Including those of earlier resumes.
            daemon.Statistics.Raise(Counter.Crashes, header.Crash.Count);
            _report.LogCrash();
            AnswerCrashedLine(header.Work);
            AnswerWaiting(wasWaiting);
            Image.Pass(CrashPoint.ResumeAnswered);
            daemon.UpgradeSequence.Abandon();
            NotifyControllers();
            DropSentFault(ref header.Crash);
        }

        // The notes are handled up to here: a resume after an earlier crash finds the same notes again.
        header.Work = new WorkNote { Step = TurnStep.Starting, Connection = -1, Service = -1 };
        header.Replacing = 0;
        header.Suspect = 0;
        daemon.ServiceManager.Rebuild(hasReaped ? -1 : crashedIn, now);
        daemon.ServiceReadiness.Rebuild(now);
        daemon.ServiceLauncher.Continue(now);
        if (hasReaped)
        {
            daemon.Reaper.Finish(now, wasService: crashedIn >= 0);
        }
    }

    /// <summary>Checks the records of a copy of the image; the ones that would be quarantined.</summary>
    public QuarantineList Check()
    {
        DisarmUnlessAllowed();
        NoteSuspect();
        return Validate(isParent: false).Quarantine;
    }

    /// <summary>Ends a daemon that crashed too often.</summary>
    public void EndAfterCrashes()
    {
        DisarmUnlessAllowed();
        NoteSuspect();
        _report.LogQuarantine(Validate(isParent: true).Quarantine);
        daemon.ExitSequence.EndAfterCrashes(kernel.Now());
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

    // The suspect may be changed again; a later resume still treats it as a suspect.
    private void NoteSuspect()
    {
        if (Image.Header.Changing != 0)
        {
            Image.Header.Suspect = Image.Header.Changing;
            Image.Header.Changing = 0;
        }
    }

    private ImageValidator Validate(bool isParent)
    {
        Assertion.Require(daemon.TryReserve());
        DoubtReaped(isParent);
        ImageValidator validator = new(kernel, daemon, isParent);
        validator.Run();
        daemon.Log.Connect(daemon.Fds);
        return validator;
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

    // Release 0.1 made the output of the session nonblocking, for all who have it. It becomes as it was.
    private void ShareOutput()
    {
        foreach (Connection connection in daemon.Connections.All)
        {
            if (connection.Record.Kind == ConnectionKind.Interactive && daemon.ShutdownState.IsOutputOurs)
            {
                connection.ShareOutput();
                kernel.SetNonblocking(connection.Record.Output, false);
                daemon.ShutdownState.LeaveOutput();
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

    // The connections for which a helper was at work, or had answered.
    private bool[] FindWaiting()
    {
        bool[] isWaiting = new bool[daemon.Connections.All.Length];
        foreach (HelperSlot slot in daemon.Helpers.All)
        {
            if (!slot.IsFree && (uint)slot.Record.Connection < (uint)isWaiting.Length)
            {
                isWaiting[slot.Record.Connection] = true;
            }
        }

        return isWaiting;
    }

    // The result of a helper is unknown, so its line does not run again. A line that waited for a slot does.
    private void AnswerWaiting(bool[] wasWaiting)
    {
        foreach (Connection connection in daemon.Connections.All)
        {
            if (wasWaiting[connection.Index] && connection.IsInUse && connection.Record.IsPostponed)
            {
                LineScanResult result = connection.FindLine(out int offset, out int length);
                length = result == LineScanResult.Line ? length : connection.Record.Inbox.End - offset;
                connection.TakeLine(offset, length);
                daemon.Report.Failed(connection, connection.Line(offset, length), Errors.Internal);
            }
        }
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
            ReadOnlySpan<byte> line = connection.Line(work.LineOffset, work.LineLength);
            if (line.Contains((byte)'\n'))
            {
                return;
            }

            if (connection.Record.Inbox.Start == work.LineOffset && connection.Record.Inbox.Length > 0)
            {
                // Noted, and not taken yet.
                connection.TakeLine(work.LineOffset, work.LineLength);
            }

            daemon.Report.Failed(connection, line, Errors.Internal);
        }
    }
}
