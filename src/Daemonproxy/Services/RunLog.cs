using System;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Logging;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>
/// The log messages of the runs of services. An unexpected end is logged at info, a failed start at error; a start and
/// an expected end at debug. A service that ends again and again is logged ten times a minute, and then counted; so is
/// one that cannot start.
/// </summary>
internal sealed class RunLog(SystemCalls kernel, ServiceTable services, Log log) : EventSource
{
    /// <summary>
    /// Ends of one service that are logged in a minute, and failed starts: enough to see a pattern.
    /// </summary>
    public const int MostEnds = 10;

    private const int MinuteSeconds = 60;

    // A service that was sent a signal has so long to end by it, as with service.stop.
    private const int SecondsToEnd = 10;

    // Signals by which a process is asked to end, and not to do something else.
    private const ulong AskForEnd = (1UL << (Signal.SIGTERM - 1)) | (1UL << (Signal.SIGINT - 1))
        | (1UL << (Signal.SIGQUIT - 1)) | (1UL << (Signal.SIGKILL - 1));

    // The services that have ends which were left out, by the end of their minute.
    private readonly DeadlineHeap _minutes = new(kernel, services.Capacity);

    public override Instant PrepareWait(Instant now) => _minutes.Nearest;

    /// <summary>Logs the numbers of ends that were left out in minutes that are over.</summary>
    public override void Run(TurnStep step, ref Instant now)
    {
        while (_minutes.Nearest <= now)
        {
            EndMinute(new ServiceIndex(_minutes.First));
        }
    }

    /// <summary>After a resume: the minutes that have not ended yet.</summary>
    public void Rebuild(ServiceIndex service)
    {
        if (services[service].EndsLeftOut > 0)
        {
            _minutes.Arm(service.Value, MinuteEnd(service));
        }
    }

    /// <summary>The service is about to be forgotten.</summary>
    public void Forget(ServiceIndex service)
    {
        if (services[service].EndsLeftOut > 0)
        {
            EndMinute(service);
        }
    }

    /// <summary>A controller has sent a signal to the run.</summary>
    public void NoteSignal(ServiceIndex service, Signal signal, Instant now)
    {
        if (signal.Number is > 0 and <= Signal.Highest)
        {
            ulong before = SignalsSent(service, now);
            using RecordWriter<ServiceRecord> change = services.Change(service);
            change.Record.SignalsSent = before | Bit(signal.Number);
            change.Record.SignalSentAt = now;
        }
    }

    /// <summary>A run has begun.</summary>
    public void Started(ServiceIndex service) =>
        LogMessages.ServiceStarted(log, services[service].Name.Value, services[service].Pid);

    /// <summary>The service could not be started.</summary>
    /// <param name="service">The service.</param>
    /// <param name="outcome">The step that failed, and why.</param>
    /// <param name="subject">The object of the failure; empty if it has no name.</param>
    /// <param name="now">The time.</param>
    public void Failed(
        ServiceIndex service, in LaunchOutcome outcome, scoped ReadOnlySpan<byte> subject, Instant now)
    {
        if (log.Wants(LogLevel.Error) && TryCount(service, isFailure: true, now))
        {
            log.ServiceFailed(services[service], outcome.Step.Text(), subject, outcome.Reason);
        }
    }

    /// <summary>
    /// A run has ended, and whether the service is started again is settled: logs it, at the level that it has.
    /// </summary>
    public void Ended(ServiceIndex service, in ReapedChild child, bool wasStopped, Instant now)
    {
        if (wasStopped || IsExpected(service, child, now))
        {
            if (log.Wants(LogLevel.Debug))
            {
                Say(LogLevel.Debug, service, child, now);
            }
        }
        else if (log.Wants(LogLevel.Info) && TryCount(service, isFailure: false, now)
            && log.Wants(LogLevel.Info, services[service].Access))
        {
            Say(LogLevel.Info, service, child, now);
        }
    }

    private static ulong Bit(int signal) => 1UL << (signal - 1);

    // A failed start has a line of its own, at error. A run that is over when its work is done exits with 0.
    private bool IsExpected(ServiceIndex service, in ReapedChild child, Instant now)
    {
        ref readonly ServiceRecord record = ref services[service];
        bool isShot = record.RunReady == ReadyWay.Exit || (record.Triggers & TriggerEvaluator.Always) == 0;
        bool isKilled = child.Reason == EndReason.Killed;
        return record.FailedStep != LaunchStep.None
            || (!isKilled && child.Value == 0 && isShot)
            || (SignalsSent(service, now) & (AskForEnd | (isKilled ? Bit(child.Value) : 0))) != 0;
    }

    // The signals that controllers have sent to this run, a moment ago.
    private ulong SignalsSent(ServiceIndex service, Instant now)
    {
        ref readonly ServiceRecord record = ref services[service];
        return now < record.SignalSentAt + new Seconds(SecondsToEnd) ? record.SignalsSent : 0;
    }

    // Counts an end or a failed start; whether it is to be logged. Ends do not leave out the first failed start, which
    // says why there are no more of them.
    private bool TryCount(ServiceIndex service, bool isFailure, Instant now)
    {
        ref readonly ServiceRecord counted = ref services[service];
        if (HasMinute(counted) && now >= MinuteEnd(service))
        {
            EndMinute(service);
        }

        bool isFirst = !HasMinute(counted);
        bool isLogged = (isFailure ? counted.FailuresLogged : counted.EndsLogged) < MostEnds;
        byte more = isLogged ? (byte)1 : (byte)0;
        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            ref ServiceRecord record = ref change.Record;
            record.EndsSince = isFirst ? now : record.EndsSince;
            record.EndsLogged += isFailure ? (byte)0 : more;
            record.FailuresLogged += isFailure ? more : (byte)0;
            record.EndsLeftOut += isLogged ? 0 : 1;
            record.IsFailureLeftOut |= isFailure && !isLogged;
        }

        if (services[service].EndsLeftOut == 1)
        {
            _minutes.Arm(service.Value, MinuteEnd(service));
        }

        return isLogged;
    }

    private static bool HasMinute(in ServiceRecord record) => record.EndsLogged > 0 || record.FailuresLogged > 0;

    private Instant MinuteEnd(ServiceIndex service) => services[service].EndsSince + new Seconds(MinuteSeconds);

    private void EndMinute(ServiceIndex service)
    {
        _minutes.Disarm(service.Value);
        ref readonly ServiceRecord counted = ref services[service];
        LogLevel level = counted.IsFailureLeftOut ? LogLevel.Error : LogLevel.Info;
        if (counted.EndsLeftOut > 0 && log.Wants(level, counted.Access))
        {
            LineWriter line = log.Begin(level);
            LogMessages.EndsLeftOutText(ref line, counted.Name.Value, counted.EndsLeftOut);
            log.End(ref line);
        }

        using RecordWriter<ServiceRecord> change = services.Change(service);
        change.Record.EndsLogged = 0;
        change.Record.FailuresLogged = 0;
        change.Record.EndsLeftOut = 0;
        change.Record.IsFailureLeftOut = false;
    }

    private void Say(LogLevel level, ServiceIndex service, in ReapedChild child, Instant now)
    {
        ref readonly ServiceRecord record = ref services[service];
        LineWriter line = log.Begin(level);
        line.Text("service '"u8);
        line.Name(record.Name.Value);
        line.Text("' ended: "u8);
        if (child.Reason == EndReason.Killed)
        {
            line.Text("signal "u8);
            line.Text(new Signal(child.Value).ShortText);
        }
        else
        {
            line.Text("exit code "u8);
            line.Integer(child.Value);
        }

        line.Text(" after "u8);
        line.Seconds(Instant.Between(record.Started, now));
        line.Text(" s"u8);
        if (record.State == ServiceState.Waiting)
        {
            SayNext(ref line, record.Due, now);
        }

        log.End(ref line);
    }

    // A part of a second counts as one, so that nothing is started earlier than it was said.
    private static void SayNext(scoped ref LineWriter line, Instant due, Instant now)
    {
        long seconds = (due.Nanoseconds - now.Nanoseconds + Seconds.Nanoseconds - 1) / Seconds.Nanoseconds;
        line.Text(", started again "u8);
        if (seconds <= 0)
        {
            line.Text("at once"u8);
            return;
        }

        line.Text("in "u8);
        line.Integer(seconds);
        line.Text(" s"u8);
    }
}
