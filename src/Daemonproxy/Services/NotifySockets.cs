using System;
using Daemonproxy.Collections;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.Readiness;
using Daemonproxy.Settings;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>
/// The notify sockets of runs, sd_notify(3): a new one for each run, so that nothing of an old run is taken for the
/// next one's. Reads their messages, and hands each to <see cref="NotifyHandler"/>.
/// </summary>
internal sealed class NotifySockets(
    SystemCalls kernel,
    StateImage image,
    ServiceTable services,
    NotifyTable table,
    NotifyHandler handler,
    NotifyFileCleanup files,
    SharedLaunchData context)
{
    private readonly WatchedDescriptors _sockets = new(kernel, PollTokenKind.NotifySocket, table.Capacity);

    /// <summary>When there is something to be done without a message.</summary>
    public Instant NextDeadline(Instant now) => Instant.Earlier(
        Instant.Earlier(handler.NextDeadline, files.NextTry(now)), _sockets.NextLook);

    /// <summary>A socket has a message.</summary>
    public void OnReady(PollToken token)
    {
        if ((uint)token.Index < (uint)table.HighWater && IsOpen(token.Index)
            && token.Generation == GenerationOf(token.Index))
        {
            _sockets.MarkReady(token.Index);
        }
    }

    /// <summary>Reads messages, and acts on expired deadlines.</summary>
    public void Run(Instant now)
    {
        foreach (int index in _sockets.Ready)
        {
            Read(index, Limits.NotifyMessagesPerTurn, now);
        }

        _sockets.ClearReady();
        if (_sockets.TakeLook(now))
        {
            LookAtAll(now);
        }

        handler.RunWatchdogs(now);
        files.Run(now);
    }

    /// <summary>Makes the socket of a run that is about to begin, if it is to have one.</summary>
    /// <param name="service">The service.</param>
    /// <param name="watchdog">The seconds within which it says that it is well; 0 when it need not.</param>
    /// <param name="place">The record of the socket, or -1.</param>
    /// <param name="channel">The channel of the run.</param>
    public Errno TryOpen(ServiceIndex service, int watchdog, out int place, out NotifyGrant channel)
    {
        place = -1;
        channel = NotifyGrant.None;
        bool isWanted = services[service].Ready == ReadyWay.Notify || services[service].Store > 0 || watchdog > 0;
        if (!isWanted)
        {
            return Errno.None;
        }

        Errno refused = kernel.NotifySocket(out FdNumber socket);
        if (refused != Errno.None)
        {
            return refused;
        }

        // A path of ours may be hidden where the service has a root or mounts of its own.
        ServiceSettings settings = services.Settings(service);
        bool hasFile = settings.Root.IsEmpty && settings.Mounts.IsEmpty && files.HasDirectory;
        NotifyRecord record = new()
        {
            ServicePlace = service.Value + 1,
            Socket = socket,
            FileName = hasFile ? kernel.RandomNumber() : 0,
            User = settings.User.IsEmpty ? context.User : NotifyRecord.UnknownUser,
            WatchdogTime = watchdog * 1_000_000L,
            WatchdogDue = Instant.Never,
        };
        place = table.TryTake(record);
        if (place < 0)
        {
            kernel.Close(socket);
            return Errno.ENOMEM;
        }

        channel = new NotifyGrant(socket, record.FileName, watchdog);
        return Errno.None;
    }

    /// <summary>The run could not begin: its process, which gives the socket its file, was not made.</summary>
    public void Abandon(int place)
    {
        if (place >= 0)
        {
            kernel.Close(table[place].Socket);
            table.Free(place);
        }
    }

    /// <summary>The run has begun, and its record has the socket.</summary>
    public void Begin(int place, Instant now)
    {
        if (place < 0)
        {
            return;
        }

        Watch(place, now);
        if (services[handler.ServiceOf(place)].RunReady != ReadyWay.Notify)
        {
            handler.BeginWatchdog(place, now);
        }
    }

    /// <summary>Handles the end of a run's process: its messages are still read, and its socket is closed.</summary>
    public void End(ServiceIndex service, Instant now)
    {
        int place = services[service].NotifyIndex;
        if (place < 0)
        {
            return;
        }

        // Whatever is there was sent before the end: no more than the kernel queues for one socket.
        Read(place, Limits.NotifyMessagesPerTurn, now);
        Close(service, place);
    }

    /// <summary>After a resume, watches the sockets again, and deals with the message that was received last.</summary>
    public void Rebuild(Instant now)
    {
        for (int index = 0; index < services.HighWater; index++)
        {
            ServiceIndex service = new(index);
            int place = services[service].NotifyIndex;
            bool isOwn = (uint)place < (uint)table.HighWater && IsOpen(place) && handler.ServiceOf(place) == service;
            if (services.Exists(service) && place >= 0 && !isOwn)
            {
                Forget(service);
            }
        }

        for (int place = 0; place < table.HighWater; place++)
        {
            if (table[place].IsFree || table[place].IsOver)
            {
                files.NoteOver(table[place].IsOver);
                continue;
            }

            ServiceIndex service = handler.ServiceOf(place);
            bool isOwn = (uint)service.Value < (uint)services.HighWater && services.Exists(service)
                && services[service].NotifyIndex == place;
            if (!isOwn)
            {
                // The daemon crashed before the run began, or after its end.
                CloseSocket(place);
            }
            else if (services[service].State != ServiceState.Up)
            {
                Close(service, place);
            }
            else
            {
                handler.Rebuild(place);
                Watch(place, now);
            }
        }

        handler.Finish(now);
    }

    /// <summary>Adds the numbers of sockets, and of descriptors that came with the last message.</summary>
    public int CollectNumbers(Span<FdNumber> into) => table.CollectNumbers(into);

    private bool IsOpen(int place) => !table[place].IsFree && !table[place].IsOver;

    private int GenerationOf(int place) => services[handler.ServiceOf(place)].Pid.Value & 0xFFFFFF;

    private void LookAtAll(Instant now)
    {
        for (int place = 0; place < table.HighWater; place++)
        {
            if (IsOpen(place) && !_sockets.IsWatched(place) && handler.HasMuchToClose)
            {
                _sockets.PutOff(place, table[place].Socket, now);
            }
            else if (IsOpen(place))
            {
                Watch(place, now);
                Read(place, Limits.NotifyMessagesPerTurn, now);
            }
        }
    }

    private void Watch(int place, Instant now) =>
        _sockets.TryWatch(place, GenerationOf(place), table[place].Socket, now);

    // As the last message may close the socket, it is looked at each time. A service that sends descriptors faster than
    // they are closed has to wait: otherwise it would take all that the daemon can have.
    private void Read(int place, int most, Instant now)
    {
        for (int count = 0; count < most && IsOpen(place); count++)
        {
            if (!TryReceive(place, out bool hasDescriptors))
            {
                return;
            }

            image.Pass(CrashPoint.NotifyReceived);
            handler.Finish(now);
            if (hasDescriptors && handler.HasMuchToClose && IsOpen(place))
            {
                _sockets.PutOff(place, table[place].Socket, now);
                return;
            }
        }
    }

    private bool TryReceive(int place, out bool hasDescriptors)
    {
        Span<FdNumber> surplus = stackalloc FdNumber[SystemCalls.MostPassed];
        Errno errno;
        int surplusCount;
        using (RecordWriter<NotifyMessageRecord> change = table.ChangeMessage())
        {
            ref NotifyMessageRecord message = ref change.Record;
            message.Socket = place;
            message.FdCount = 0;
            errno = kernel.ReceiveMessage(
                table[place].Socket,
                message.Buffer,
                ref message.Received,
                ref message.Sender,
                message.Fds,
                ref message.FdCount,
                surplus,
                out surplusCount);
        }

        hasDescriptors = table.Message.FdCount > 0;
        handler.CloseAll(surplus[..surplusCount]);
        if (errno == Errno.EMSGSIZE)
        {
            handler.Discard();
            return true;
        }

        return errno == Errno.None;
    }

    private void Close(ServiceIndex service, int place)
    {
        Forget(service);
        CloseSocket(place);
    }

    private void Forget(ServiceIndex service)
    {
        using RecordWriter<ServiceRecord> change = services.Change(service);
        change.Record.NotifyPlace = 0;
    }

    // The file stays until a helper has removed it, and the record with it.
    private void CloseSocket(int place)
    {
        FdNumber socket = table[place].Socket;
        handler.EndWatchdog(place);
        _sockets.Stop(place, socket);
        bool hasFile = table[place].FileName != 0;
        if (hasFile)
        {
            using RecordWriter<NotifyRecord> change = table.Change(place);
            change.Record.IsOver = true;
        }
        else
        {
            table.Free(place);
        }

        kernel.Close(socket);
        files.NoteOver(hasFile);
    }
}
