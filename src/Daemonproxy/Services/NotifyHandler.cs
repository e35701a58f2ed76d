using System;
using Daemonproxy.Collections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Readiness;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>
/// Acts on the messages of services, sd_notify(3). A message is in the image until all of it was done: after a crash
/// it is done again, which changes nothing that was done before.
/// </summary>
internal sealed class NotifyHandler(
    SystemCalls kernel,
    StateImage image,
    ServiceTable services,
    NotifyTable table,
    ReadinessMarker ready,
    DescriptorStore store,
    IDescriptorCloser closer,
    IAnnouncer announcer,
    Log log)
{
    private readonly DeadlineHeap _watchdogs = new(kernel, table.Capacity);

    /// <summary>Gives a stop more time; set once, when the daemon is built.</summary>
    public IStopExtender? Stops { get; set; }

    /// <summary>True if so many descriptors wait to be closed that no service should send more of them.</summary>
    public bool HasMuchToClose => closer.HasMuchToClose;

    /// <summary>When the next service is late.</summary>
    public Instant NextDeadline => _watchdogs.Nearest;

    /// <summary>The service of a socket.</summary>
    public ServiceIndex ServiceOf(int place) => new(table[place].ServicePlace - 1);

    /// <summary>Deals with the message that was received last, if that was not done.</summary>
    public void Finish(Instant now)
    {
        if (table.HighWater == 0 || (table.Message.Received == 0 && table.Message.FdCount == 0))
        {
            return;
        }

        if (table.Message.Received == 0)
        {
            // The daemon crashed while it received a message whose text is gone.
            Discard();
            return;
        }

        int place = table.Message.Socket;
        bool isCurrent = !table[place].IsFree && !table[place].IsOver;
        if (isCurrent && table.Message.Received == 1)
        {
            NoteUser(place);
        }
        else if (isCurrent && IsBelieved(place))
        {
            Act(place, now);
        }
        else if (isCurrent)
        {
            LogMessages.NotifyRefused(log, services[ServiceOf(place)].Name.Value, table.Message.Sender.Pid);
        }

        Discard();
        image.Pass(CrashPoint.NotifyDone);
    }

    /// <summary>Drops the message. Descriptors that were not kept are closed.</summary>
    public void Discard()
    {
        while (table.Message.FdCount > 0)
        {
            closer.Close(TakeLast(), FdBlocking.Unknown);
        }

        using RecordWriter<NotifyMessageRecord> change = table.ChangeMessage();
        change.Record.Received = 0;
    }

    /// <summary>Closes descriptors of a message that has too many.</summary>
    public void CloseAll(ReadOnlySpan<FdNumber> surplus)
    {
        foreach (FdNumber fd in surplus)
        {
            closer.Close(fd, FdBlocking.Unknown);
        }
    }

    /// <summary>From now on the run has to say that it is well, if it was started so.</summary>
    public void BeginWatchdog(int place, Instant now)
    {
        long time = table[place].WatchdogTime;
        Instant due = time == 0 ? Instant.Never : new Instant(now.Nanoseconds + (time * 1000));
        using (RecordWriter<NotifyRecord> change = table.Change(place))
        {
            change.Record.WatchdogDue = due;
        }

        Rebuild(place);
    }

    /// <summary>The run is over, or stops.</summary>
    public void EndWatchdog(int place) => _watchdogs.Disarm(place);

    /// <summary>After a resume, waits for what the run has to say.</summary>
    public void Rebuild(int place)
    {
        if (table[place].WatchdogDue == Instant.Never)
        {
            _watchdogs.Disarm(place);
        }
        else
        {
            _watchdogs.Arm(place, table[place].WatchdogDue);
        }
    }

    /// <summary>Announces the services that are late.</summary>
    public void RunWatchdogs(Instant now)
    {
        while (_watchdogs.Nearest <= now)
        {
            Bark(_watchdogs.First, now);
        }
    }

    private void Bark(int place, Instant now)
    {
        BeginWatchdog(place, now);
        ServiceIndex service = ServiceOf(place);
        LineWriter line = announcer.Begin();
        Events.ServiceWatchdog(ref line, services[service].Name.Value, now);
        announcer.Announce(EventSubject.Of(service), line);
    }

    // Root, the user of the service, and the processes of its session. If the service is root, and has no session of
    // its own, its processes cannot be distinguished from others: then every process that knows the socket, since some
    // change their user before they send. Only a helper could read the control group of a process.
    private bool IsBelieved(int place)
    {
        ref readonly ServiceRecord service = ref services[ServiceOf(place)];
        SenderCredentials sender = table.Message.Sender;
        uint user = table[place].User;
        return sender.User == 0 || sender.User == user || sender.Pid == service.Pid
            || (service.HasTree ? kernel.SessionOf(sender.Pid) == service.Pid : user == 0);
    }

    // An empty message of the process itself, before it executes its program: see NotifyBinding.
    private void NoteUser(int place)
    {
        if (table[place].User == NotifyRecord.UnknownUser
            && table.Message.Sender.Pid == services[ServiceOf(place)].Pid)
        {
            using RecordWriter<NotifyRecord> change = table.Change(place);
            change.Record.User = table.Message.Sender.User;
        }
    }

    private void Act(int place, Instant now)
    {
        ServiceIndex service = ServiceOf(place);
        ReadOnlySpan<byte> status = default;
        ReadOnlySpan<byte> fdName = default;
        bool hasStatus = false;
        bool hasMainPid = false;
        bool keeps = false;
        bool removes = false;
        NotifyMessage message = new(table.Message.Text);
        while (message.TryNext())
        {
            switch (message.Word)
            {
                case NotifyWord.Status:
                    status = message.Value;
                    hasStatus = true;
                    break;
                case NotifyWord.MainPid:
                    hasMainPid |= NoteMainPid(place, new Pid((int)message.Number));
                    break;
                case NotifyWord.FdName:
                    fdName = message.Value;
                    break;
                case NotifyWord.FdStore:
                    keeps = true;
                    break;
                case NotifyWord.FdStoreRemove:
                    removes = true;
                    break;
                default:
                    Act(place, service, message, now);
                    break;
            }
        }

        if (hasStatus || hasMainPid)
        {
            ReadOnlySpan<byte> before = services.Text(service, ServiceTextTag.Status);
            SetStatus(place, service, hasStatus ? status : before[..Math.Min(before.Length, table[place].StatusBytes)]);
        }

        Store(service, fdName, keeps, removes);
    }

    private void Act(int place, ServiceIndex service, in NotifyMessage message, Instant now)
    {
        switch (message.Word)
        {
            case NotifyWord.Ready when services[service].RunReady == ReadyWay.Notify:
                if (table[place].WatchdogDue == Instant.Never)
                {
                    BeginWatchdog(place, now);
                }

                ready.Mark(service, now);
                break;
            case NotifyWord.Reloading or NotifyWord.Stopping when services[service].RunReady == ReadyWay.Notify:
                ready.Withdraw(service, now);
                break;
            case NotifyWord.Watchdog when table[place].WatchdogDue != Instant.Never:
                BeginWatchdog(place, now);
                break;
            case NotifyWord.WatchdogTrigger when table[place].WatchdogTime > 0:
                Bark(place, now);
                break;
            case NotifyWord.WatchdogTime:
                SetWatchdogTime(place, message.Number, now);
                break;
            case NotifyWord.ExtendTimeout:
                Stops?.ExtendStop(service, new Instant(now.Nanoseconds + (message.Number * 1000)));
                break;
            default:
                break;
        }
    }

    // A run that was started without a watchdog has none, whatever it sends.
    private void SetWatchdogTime(int place, long microseconds, Instant now)
    {
        if (table[place].WatchdogTime == 0)
        {
            return;
        }

        bool isRunning = table[place].WatchdogDue != Instant.Never;
        using (RecordWriter<NotifyRecord> change = table.Change(place))
        {
            change.Record.WatchdogTime = Math.Max(microseconds, 1);
        }

        if (isRunning)
        {
            BeginWatchdog(place, now);
        }
    }

    private bool NoteMainPid(int place, Pid pid)
    {
        Pid other = pid == services[ServiceOf(place)].Pid ? default : pid;
        bool isNew = table[place].MainPid != other;
        if (isNew)
        {
            using RecordWriter<NotifyRecord> change = table.Change(place);
            change.Record.MainPid = other;
        }

        return isNew;
    }

    // A text that is the same is not announced again: some services send theirs every second.
    private void SetStatus(int place, ServiceIndex service, ReadOnlySpan<byte> said)
    {
        Span<byte> room = stackalloc byte[Limits.StatusText + 32];
        LineWriter text = new(room);
        foreach (byte value in CutText(said))
        {
            text.Byte(value is < (byte)' ' or 0x7F ? (byte)' ' : value);
        }

        using (RecordWriter<NotifyRecord> change = table.Change(place))
        {
            change.Record.StatusBytes = text.Length;
        }

        if (!table[place].MainPid.IsNone)
        {
            text.Text(text.Length > 0 ? " MAINPID="u8 : "MAINPID="u8);
            text.Pid(table[place].MainPid);
        }

        if (text.Written.SequenceEqual(services.Text(service, ServiceTextTag.Status)))
        {
            return;
        }

        // Without room for it, it is announced and not restated.
        ServiceTarget target = new(services[service].Name.Value, service);
        if (services.SetText(target, ServiceTextTag.Status, text.Written).IsNone)
        {
            services.SetText(target, ServiceTextTag.Status, default);
        }

        AnnounceStatus(service, text.Written);
    }

    private void AnnounceStatus(ServiceIndex service, ReadOnlySpan<byte> text)
    {
        LineWriter line = announcer.Begin();
        Events.ServiceStatus(ref line, services[service].Name.Value, text);
        announcer.Announce(EventSubject.Of(service), line);
    }

    // At the beginning of a character of UTF-8.
    private static ReadOnlySpan<byte> CutText(ReadOnlySpan<byte> text)
    {
        if (text.Length <= Limits.StatusText)
        {
            return text;
        }

        int end = Limits.StatusText;
        while (end > 0 && (text[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return text[..end];
    }

    private void Store(ServiceIndex service, ReadOnlySpan<byte> fdName, bool keeps, bool removes)
    {
        if (removes)
        {
            store.Remove(service, fdName);
        }

        for (int number = 1; keeps && services[service].RunStore > 0 && table.Message.FdCount > 0; number++)
        {
            // Kept before it is taken from the message: so none is lost in a crash.
            store.Keep(service, fdName, number, table.Message.Fds[0]);
            TakeFirst();
        }
    }

    private FdNumber TakeLast()
    {
        using RecordWriter<NotifyMessageRecord> change = table.ChangeMessage();
        return change.Record.Fds[--change.Record.FdCount];
    }

    private void TakeFirst()
    {
        using RecordWriter<NotifyMessageRecord> change = table.ChangeMessage();
        ref NotifyMessageRecord message = ref change.Record;
        message.FdCount--;
        for (int index = 0; index < message.FdCount; index++)
        {
            message.Fds[index] = message.Fds[index + 1];
        }
    }
}
