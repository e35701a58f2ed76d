using System;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>
/// The readiness reports of services: by a newline on a pipe of their own, by a message on their notify socket, or
/// by exiting with 0. Pipe and socket are made for each run, so that an old run cannot make a new one ready.
/// </summary>
internal sealed class ServiceReadiness(
    SystemCalls kernel, ServiceTable services, ReadinessMarker ready, NotifySockets notify) : EventSource
{
    // A newline is enough. Further bytes are read in the next turn.
    private const int MostBytes = 64;

    // The pipes of services that are up.
    private readonly WatchedDescriptors _pipes = new(kernel, PollTokenKind.Readiness, services.Capacity);

    public override bool Watches(PollTokenKind kind) => kind is PollTokenKind.Readiness or PollTokenKind.NotifySocket;

    public override Instant PrepareWait(Instant now) =>
        Instant.Earlier(_pipes.NextLook, notify.NextDeadline(now));

    /// <summary>A run has written, or closed its end, or sent a message.</summary>
    public override void OnReady(in ReadyDescriptor ready)
    {
        ServiceIndex service = new(ready.Token.Index);
        if (ready.Token.Kind == PollTokenKind.NotifySocket)
        {
            notify.OnReady(ready.Token);
        }
        else if ((uint)ready.Token.Index < (uint)services.HighWater && services[service].ReadyPipe != 0
            && ready.Token.Generation == GenerationOf(services[service]))
        {
            _pipes.MarkReady(service.Value);
        }
    }

    /// <summary>In step Reaping, before children are reaped: reads the pipes that are ready or not watched.</summary>
    public override void Run(TurnStep step, ref Instant now)
    {
        foreach (int index in _pipes.Ready)
        {
            Read(new ServiceIndex(index), now);
        }

        _pipes.ClearReady();
        if (_pipes.TakeLook(now))
        {
            for (int index = 0; index < services.HighWater; index++)
            {
                Watch(new ServiceIndex(index), now, isFirst: false);
            }
        }

        notify.Run(now);
    }

    /// <summary>Makes the pipe and the socket of a run that is about to begin, if it is to have them.</summary>
    public Errno TryOpen(ServiceIndex service, int watchdog, out RunReadiness channels)
    {
        Errno refused = notify.TryOpen(service, watchdog, out int place, out NotifyGrant socket);
        ReportPipe pipe = ReportPipe.None;
        refused = refused == Errno.None ? TryMakePipe(service, out pipe) : refused;
        channels = new RunReadiness(pipe, place, socket);
        if (refused != Errno.None)
        {
            notify.Abandon(place);
        }

        return refused;
    }

    private Errno TryMakePipe(ServiceIndex service, out ReportPipe pipe)
    {
        pipe = ReportPipe.None;
        Assertion.Require(services[service].ReadyPipe == 0);
        if (services[service].Ready != ReadyWay.Descriptor)
        {
            return Errno.None;
        }

        Errno refused = kernel.ReportPipe(out pipe);
        if (refused == Errno.None)
        {
            // A service expects to wait rather than to be refused.
            kernel.SetNonblocking(pipe.Writer, false);
        }

        return refused;
    }

    /// <summary>The run could not begin.</summary>
    public void Abandon(in RunReadiness channels)
    {
        notify.Abandon(channels.NotifyPlace);
        if (!channels.Pipe.IsNone)
        {
            kernel.Close(channels.Pipe.Reader);
            kernel.Close(channels.Pipe.Writer);
        }
    }

    /// <summary>The run has begun; its process has its end, and the record has ours.</summary>
    public void Begin(ServiceIndex service, in RunReadiness channels, Instant now)
    {
        notify.Begin(channels.NotifyPlace, now);
        if (!channels.Pipe.IsNone)
        {
            kernel.Close(channels.Pipe.Writer);
            Watch(service, now, isFirst: true);
        }
    }

    /// <summary>Handles the end of a run's process: written bytes still count, and its pipe is closed.</summary>
    public void End(ServiceIndex service, Instant now)
    {
        notify.End(service, now);
        if (services[service].ReadyPipe != 0)
        {
            Read(service, now);
        }

        if (services[service].ReadyPipe != 0)
        {
            ClosePipe(service);
        }

        using RecordWriter<ServiceRecord> change = services.Change(service);
        change.Record.IsReady = false;
    }

    /// <summary>Handles an announced end, which makes a one-shot ready.</summary>
    public void NoteExit(ServiceIndex service, Instant now)
    {
        ref readonly ServiceRecord record = ref services[service];
        if (record.RunReady == ReadyWay.Exit && record.Value == 0)
        {
            ready.Mark(service, now);
        }
    }

    /// <summary>After a resume, watches the pipes and sockets again.</summary>
    public void Rebuild(Instant now)
    {
        for (int index = 0; index < services.HighWater; index++)
        {
            ServiceIndex service = new(index);
            if (services[service].State == ServiceState.Up)
            {
                Watch(service, now, isFirst: true);
            }
            else if (services[service].ReadyPipe != 0)
            {
                // The daemon crashed before the run began.
                ClosePipe(service);
            }
        }

        notify.Rebuild(now);
    }

    /// <summary>Adds the numbers of the pipes and sockets: at most two for each service.</summary>
    public int CollectNumbers(Span<FdNumber> into)
    {
        int count = notify.CollectNumbers(into);
        for (int index = 0; index < services.HighWater; index++)
        {
            ref readonly ServiceRecord record = ref services[new ServiceIndex(index)];
            if (record.ReadyPipe != 0)
            {
                into[count++] = record.ReadyReader;
            }
        }

        return count;
    }

    private static int GenerationOf(in ServiceRecord record) => record.Pid.Value & 0xFFFFFF;

    // A descriptor for which epoll has no room, or which was not registered before, is read from time to time.
    private void Watch(ServiceIndex service, Instant now, bool isFirst)
    {
        ref readonly ServiceRecord record = ref services[service];
        if (record.ReadyPipe == 0)
        {
            return;
        }

        bool isWatched = _pipes.TryWatch(service.Value, GenerationOf(record), record.ReadyReader, now);
        if (!isWatched && !isFirst)
        {
            Read(service, now);
        }
    }

    private void Read(ServiceIndex service, Instant now)
    {
        Span<byte> bytes = stackalloc byte[MostBytes];
        int count = 0;
        Errno errno = kernel.Read(services[service].ReadyReader, bytes, ref count);
        if (errno is Errno.EAGAIN or Errno.EINTR)
        {
            return;
        }

        bool isReady = bytes[..count].Contains((byte)'\n');
        if (isReady || count == 0 || errno != Errno.None)
        {
            ClosePipe(service);
        }

        if (isReady)
        {
            ready.Mark(service, now);
        }
    }

    private void ClosePipe(ServiceIndex service)
    {
        FdNumber reader = services[service].ReadyReader;
        _pipes.Stop(service.Value, reader);
        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            change.Record.ReadyPipe = 0;
        }

        kernel.Close(reader);
    }
}
