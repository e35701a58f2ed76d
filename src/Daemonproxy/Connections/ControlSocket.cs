using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Daemonproxy.Descriptors;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Loop;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>
/// The unix socket to which controllers connect. How its file is made, so that nobody ever finds one that does not
/// answer, is in HelperWork. While no slot is free, only
/// new connections are reported.
/// </summary>
internal sealed class ControlSocket : IEventSource
{
    // Connections that may wait while no slot is free or a turn takes long: four times the default number of
    // controllers, so that all of them can come back at once. One more waits in its connect(2).
    private const int Backlog = 64;

    // The kernel had no descriptor for a connection, or no room for the watch: other processes hold them. A try costs
    // one system call, so once a second is no load, and who connects waits no longer than a person would notice.
    private const int RetrySeconds = 1;

    // So far apart are the messages that connections wait.
    private const int FullSeconds = 60;

    private readonly SystemCalls _kernel;
    private readonly StateImage _image;
    private readonly Log _log;
    private readonly ConnectionTable _connections;
    private readonly Region<ControlSocketRecord> _record;
    private readonly HelperTable _helpers;
    private readonly EpollRegistration _watch = new(PollTokenKind.ControlSocket, 0);
    private Instant _retry = Instant.None;
    private Instant _nextFullMessage = Instant.None;
    private bool _isReady;

    public ControlSocket(
        SystemCalls kernel, StateImage image, Log log, ConnectionTable connections, HelperTable helpers)
    {
        _kernel = kernel;
        _image = image;
        _log = log;
        _connections = connections;
        _record = new Region<ControlSocketRecord>(image, RegionId.ControlSocket);
        _helpers = helpers;
    }

    /// <summary>The listening descriptor; none when there is no control socket.</summary>
    public FdNumber Listener => _record[0].IsListening ? _record[0].Listener : FdNumber.None;

    /// <summary>Whether a control socket was asked for last, and there is none.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>The number of connections that wait because no slot is free.</summary>
    public int CountWaiting() =>
        _record[0].IsListening && !_connections.HasFreeSlot ? _kernel.CountWaiting(_record[0].Listener) : 0;

    public bool TryReserve() => _record.TryReserve(0);

    /// <summary>
    /// Listens at a path instead of where it listened before, and may wait for that; whether it was possible. If not,
    /// the log says why, and everything is as it was. For the start and the end: nobody is held up then.
    /// </summary>
    public bool TryListen(ReadOnlySpan<byte> path)
    {
        if (!TryPlan(path, out HelperSlot slot))
        {
            return false;
        }

        _kernel.DoPlan(ref slot.Plan);
        return Finish(path, slot.Plan.Answer, slot);
    }

    /// <summary>
    /// A plan for a helper that makes a socket at a path. False when the path cannot be one, which is logged.
    /// </summary>
    public bool TryPlan(ReadOnlySpan<byte> path, out HelperSlot slot)
    {
        bool isPath = SocketAddress.TryUnix(path, out _);
        if (!isPath | !_helpers.TryPrepare(HelperTask.CreateControlSocket, default, out slot))
        {
            IsRefused = !_record[0].IsListening;
            LogRefusal(path, isPath ? Errno.EAGAIN.Text() : "the path of a socket has 1 to 107 bytes"u8);
            return false;
        }

        Complete(path, slot);
        return true;
    }

    /// <summary>
    /// A plan for a helper that makes the socket anew at its path, if that leads to another file by now, or to none.
    /// </summary>
    public bool TryPlanRenewal(out HelperSlot slot)
    {
        if (!_helpers.TryPrepare(HelperTask.RenewControlSocket, default, out slot))
        {
            return false;
        }

        FixedText path = _record[0].Path;
        Complete(path.Value, slot);
        return true;
    }

    private void Complete(ReadOnlySpan<byte> path, HelperSlot slot)
    {
        ref HelperPlan plan = ref slot.Plan;
        SocketAddress.TryUnix(path, out plan.Address);
        plan.Backlog = Backlog;
        plan.Beside = SocketAddress.Beside(path);
        PlanRemoval(ref plan);
    }

    /// <summary>A plan for a helper that removes the file, if there is a control socket.</summary>
    public void PlanRemoval(ref HelperPlan plan)
    {
        if (_record[0].IsListening)
        {
            SocketAddress.TryUnix(_record[0].Path.Value, out plan.Old);
            plan.OldFile = _record[0].File;
        }
    }

    /// <summary>A socket was made at a path, or the log says why not.</summary>
    public bool Finish(ReadOnlySpan<byte> path, in HelperAnswer answer, HelperSlot slot)
    {
        IsRefused = answer.Reason != Errno.None && !_record[0].IsListening;
        if (answer.Reason != Errno.None)
        {
            LogRefusal(path, ReasonOf(answer));
            return false;
        }

        StopListening();
        using RecordWriter<ControlSocketRecord> change = _record.Change(0);
        change.Record = new ControlSocketRecord
        {
            IsListening = true,
            Generation = change.Record.Generation + 1,
            Listener = answer.Fd,
            Identity = answer.Identity,
            File = answer.File,
            Path = FixedText.From(new SocketFile(slot.PathText, path, answer.File).Path),
        };
        return true;
    }

    /// <summary>Listens no more. The file is the caller's to remove.</summary>
    public void StopListening()
    {
        if (!_record[0].IsListening)
        {
            return;
        }

        FdNumber listener = _record[0].Listener;
        _watch.Stop(_kernel);
        _retry = Instant.None;
        using (RecordWriter<ControlSocketRecord> change = _record.Change(0))
        {
            change.Record = new ControlSocketRecord { Generation = change.Record.Generation };
        }

        _helpers.Closer.Close(listener, BlockingCalls.Close);
    }

    /// <summary>
    /// Removes the file, if it is still the one that was made, and goes on listening; <see cref="Restore"/> can undo
    /// it. For the end: it may wait.
    /// </summary>
    public void RemoveFile()
    {
        if (_record[0].IsListening && _helpers.TryPrepare(HelperTask.RemoveSocketFile, default, out HelperSlot slot))
        {
            PlanRemoval(ref slot.Plan);
            _kernel.DoPlan(ref slot.Plan);
        }
    }

    /// <summary>The daemon goes on after all: it listens again where it did.</summary>
    public void Restore()
    {
        if (_record[0].IsListening)
        {
            FixedText path = _record[0].Path;
            TryListen(path.Value);
        }
    }

    bool IEventSource.Watches(PollTokenKind kind) => kind == PollTokenKind.ControlSocket;

    /// <summary>
    /// Watches for connections; while no slot is free, only for the arrival of each. Returns when to look for some
    /// although epoll cannot tell of them.
    /// </summary>
    public Instant PrepareWait(Instant now)
    {
        _retry = _retry <= now ? Instant.None : _retry;
        if (_record[0].IsListening && _retry.IsNone)
        {
            // While no slot is free, each arrival is reported once, for the log.
            PollInterest interest = _connections.HasFreeSlot
                ? PollInterest.Read : PollInterest.Read | PollInterest.Edge;
            _watch.Set(_kernel, _record[0].Listener, _record[0].Generation, interest);
            if (_watch.HasFailed)
            {
                _retry = now + new Seconds(RetrySeconds);
            }
        }
        else
        {
            _watch.Stop(_kernel);
        }

        return _retry.IsNone ? Instant.Never : _retry;
    }

    /// <summary>A connection waits; news of an earlier socket are dropped.</summary>
    public void OnReady(in ReadyDescriptor ready) =>
        _isReady |= _record[0].IsListening && (_record[0].Generation & 0xFFFFFF) == ready.Token.Generation;

    /// <summary>Takes the connections that wait, as long as there are slots; they are read in the same turn.</summary>
    public void Run(TurnStep step, ref Instant now)
    {
        while (_isReady && _record[0].IsListening && _connections.HasFreeSlot)
        {
            ref FdNumber accepted = ref _image.Header.Accepted;
            Errno errno = _kernel.Accept(_record[0].Listener, out accepted);
            if (errno != Errno.None)
            {
                accepted = FdNumber.None;
                NoteRefusal(errno, now);
                break;
            }

            _image.Pass(CrashPoint.Accepted);
            if (!TryOpen(accepted))
            {
                break;
            }
        }

        if (_isReady && _record[0].IsListening && !_connections.HasFreeSlot)
        {
            LogFull(now);
        }

        _isReady = false;
    }

    public ref readonly ControlSocketRecord Record => ref _record[0];

    /// <summary>Forgets a socket that is not open any more.</summary>
    public void Forget()
    {
        using RecordWriter<ControlSocketRecord> change = _record.Change(0);
        change.Record = new ControlSocketRecord { Generation = change.Record.Generation };
    }

    /// <summary>After a resume: a connection that was taken, and has no record yet, gets one.</summary>
    /// <param name="others">The descriptors that it cannot be, being somebody else's.</param>
    public void AdoptAccepted(HashSet<int> others)
    {
        FdNumber accepted = _image.Header.Accepted;
        bool isConnection = accepted.Value > 2
            && !others.Contains(accepted.Value)
            && _kernel.Identify(accepted, out FdIdentity identity) == Errno.None
            && identity.Kind == FdKind.Socket;
        foreach (Connection connection in _connections.All)
        {
            isConnection &= !connection.IsInUse || connection.Record.Input != accepted;
        }

        if (isConnection)
        {
            TryOpen(accepted);
        }

        _image.Header.Accepted = FdNumber.None;
    }

    private bool TryOpen(FdNumber accepted)
    {
        Connection? connection =
            _connections.TryOpen(ConnectionKind.Socket, accepted, accepted, isOutputShared: false);
        _image.Header.Accepted = FdNumber.None;
        if (connection is null)
        {
            _helpers.Closer.Close(accepted, BlockingCalls.Close);
            return false;
        }

        connection.BeginSignalDump();
        connection.MarkReadable();
        return true;
    }

    private static ReadOnlySpan<byte> ReasonOf(in HelperAnswer answer) => answer.Step switch
    {
        HelperStep.NoSocketThere => "there is something that is not a socket"u8,
        HelperStep.SomebodyListens => "somebody listens there"u8,
        HelperStep.FileBeside => "there is a file of this name with .new behind it"u8,
        _ => answer.Reason.Text(),
    };

    // Without a descriptor for it, a connection stays in the queue, and the kernel would tell of it again and again.
    private void NoteRefusal(Errno errno, Instant now)
    {
        if (errno is Errno.EAGAIN or Errno.EINTR)
        {
            return;
        }

        _retry = now + new Seconds(RetrySeconds);
        if (_log.Wants(LogLevel.Warning))
        {
            EventLine line = _log.Begin(LogLevel.Warning);
            line.Text("cannot take a connection to the control socket: "u8);
            line.Errno(errno);
            _log.End(ref line);
        }
    }

    // Once a minute at most: a program that connects again and again must not fill the log.
    private void LogFull(Instant now)
    {
        int waiting = now < _nextFullMessage || !_log.Wants(LogLevel.Warning) ? 0 : CountWaiting();
        if (waiting == 0)
        {
            return;
        }

        _nextFullMessage = now + new Seconds(FullSeconds);
        int ofServices = 0;
        int ofSocket = 0;
        foreach (Connection connection in _connections.Used)
        {
            ofServices += connection.Record.Kind == ConnectionKind.Service ? 1 : 0;
            ofSocket += connection.Record.Kind == ConnectionKind.Socket ? 1 : 0;
        }

        EventLine line = _log.Begin(LogLevel.Warning);
        line.Text("all "u8);
        line.Integer(_connections.All.Length);
        line.Text(" slots for controllers are taken, "u8);
        line.Integer(ofSocket);
        line.Text(" by the control socket and "u8);
        line.Integer(ofServices);
        line.Text(" by services; connections that wait: "u8);
        line.Integer(waiting);
        _log.End(ref line);
    }

    private void LogRefusal(ReadOnlySpan<byte> path, ReadOnlySpan<byte> reason)
    {
        if (_log.Wants(LogLevel.Error))
        {
            EventLine line = _log.Begin(LogLevel.Error);
            line.Text("cannot listen for controllers at \""u8);
            line.Text(path);
            line.Text("\": "u8);
            line.Text(reason);
            _log.End(ref line);
        }
    }
}

/// <summary>Where controllers connect; in the image, since it outlives a crash.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlSocketRecord
{
    /// <summary>Whether there is a control socket.</summary>
    public bool IsListening;

    /// <summary>Tells this socket from the one before it.</summary>
    public int Generation;
    public FdNumber Listener;

    /// <summary>What the listening descriptor was when it was recorded.</summary>
    public FdIdentity Identity;

    /// <summary>The file at the path, as it was made: another one there is not ours to remove.</summary>
    public FdIdentity File;
    public FixedText Path;
}
