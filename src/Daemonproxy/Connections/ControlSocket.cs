using System;
using Daemonproxy.Access;
using Daemonproxy.Descriptors;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>
/// The unix socket to which controllers connect. HelperWork makes its file, so that no client ever finds a file without
/// a listener. While no slot is free, only new connections are reported.
/// </summary>
internal sealed partial class ControlSocket
{
    // Connections that may wait while no slot is free or a turn takes long: four times the default number of
    // controllers, so that all of them can come back at once. One more waits in its connect(2).
    private const int Backlog = 64;

    // The kernel had no descriptor for a connection, or no room for the watch: other processes hold them. A try costs
    // one system call, so once a second is a negligible load, and a client waits no longer than a person would notice.
    private const int RetrySeconds = 1;

    // So far apart are the messages that connections wait.
    private const int FullSeconds = 60;

    private readonly SystemCalls _kernel;
    private readonly StateImage _image;
    private readonly Log _log;
    private readonly ConnectionTable _connections;
    private readonly Region<ControlSocketRecord> _record;
    private readonly HelperTable _helpers;
    private readonly int _place;
    private readonly EpollRegistration _watch;
    private Instant _retry = Instant.None;
    private Instant _nextFullMessage = Instant.None;
    private bool _isReady;

    /// <param name="kernel">The system calls.</param>
    /// <param name="image">The image.</param>
    /// <param name="log">The log.</param>
    /// <param name="connections">The connections that are opened.</param>
    /// <param name="helpers">The helpers.</param>
    /// <param name="slot">Its slot, from 0; 0 is the one without a name.</param>
    public ControlSocket(
        SystemCalls kernel, StateImage image, Log log, ConnectionTable connections, HelperTable helpers, int slot)
    {
        // The first one is in a region of its own, which earlier releases have.
        _place = Math.Max(slot - 1, 0);
        _watch = new EpollRegistration(PollTokenKind.ControlSocket, slot);
        _kernel = kernel;
        _image = image;
        _log = log;
        _connections = connections;
        _record = new Region<ControlSocketRecord>(
            image, slot == 0 ? RegionId.ControlSocket : RegionId.NamedSockets);
        _helpers = helpers;
    }

    /// <summary>The listening descriptor; none when there is no control socket.</summary>
    public FdNumber Listener => _record[_place].IsListening ? _record[_place].Listener : FdNumber.None;

    /// <summary>The rights of its peers.</summary>
    public AccessPolicyIndex Access => _record[_place].Access;

    // Whether one more connection can be taken.
    private bool HasSlot => _connections.HasSlotFor(Access);

    /// <summary>The number of connections that wait because no slot is free.</summary>
    public int CountWaiting() =>
        _record[_place].IsListening && !HasSlot ? _kernel.CountWaiting(_record[_place].Listener) : 0;

    public bool TryReserve() => _record.TryReserve(_place);

    /// <summary>
    /// Listens at a path instead of the previous one, and may block. Returns false on failure: the reason is logged,
    /// and the previous socket stays. For the start and the end, when no controller waits.
    /// </summary>
    public bool TryListen(ReadOnlySpan<byte> path, scoped in ControlSocketOptions options)
    {
        if (!TryPlan(path, options, out HelperSlot slot))
        {
            return false;
        }

        _kernel.DoPlan(ref slot.Plan);
        return Finish(path, options, slot.Plan.Answer, slot);
    }

    /// <summary>
    /// A plan for a helper that makes a socket at a path. False when the path cannot be one, which is logged.
    /// </summary>
    public bool TryPlan(ReadOnlySpan<byte> path, scoped in ControlSocketOptions options, out HelperSlot slot)
    {
        bool isPath = SocketAddress.TryUnix(path, out _);
        if (!isPath | !_helpers.TryPrepare(HelperTask.CreateControlSocket, default, out slot))
        {
            LogRefusal(path, isPath ? Errno.EAGAIN.Text() : "the path of a socket has 1 to 107 bytes"u8);
            return false;
        }

        Complete(path, options, slot);
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

        ControlSocketRecord record = _record[_place];
        Complete(record.Path.Value, ControlSocketOptions.Of(record), slot);
        return true;
    }

    private void Complete(ReadOnlySpan<byte> path, scoped in ControlSocketOptions options, HelperSlot slot)
    {
        ref HelperPlan plan = ref slot.Plan;
        SocketAddress.TryUnix(path, out plan.Address);
        plan.Backlog = Backlog;
        plan.Beside = SocketAddress.Beside(path);
        slot.WriteRights((options.Options & SocketOptions.Mode) != 0, options.Mode, options.Owner);
        PlanRemoval(ref plan);
    }

    /// <summary>A plan for a helper that removes the file, if there is a control socket.</summary>
    public void PlanRemoval(ref HelperPlan plan)
    {
        if (_record[_place].IsListening)
        {
            SocketAddress.TryUnix(_record[_place].Path.Value, out plan.Old);
            plan.OldFile = _record[_place].File;
        }
    }

    /// <summary>A socket was made at a path, or the log says why not.</summary>
    public bool Finish(
        ReadOnlySpan<byte> path, scoped in ControlSocketOptions options, scoped in HelperAnswer answer, HelperSlot slot)
    {
        if (answer.Reason != Errno.None)
        {
            LogRefusal(path, ReasonOf(answer));
            return false;
        }

        // In one change, so that no client connects to a socket without its access.
        ControlSocketRecord made = new()
        {
            IsListening = true,
            Listener = answer.Fd,
            Identity = answer.Identity,
            File = answer.File,
            Path = FixedText.From(new SocketFile(slot.PathText, path, answer.File).Path),
            Name = FixedName.From(options.Name),
            Access = options.Access,
            Options = options.Options,
            Mode = options.Mode,
            Owner = FixedText.From(options.Owner),
        };
        StopListening();
        using RecordWriter<ControlSocketRecord> change = _record.Change(_place);
        made.Generation = change.Record.Generation + 1;
        change.Record = made;
        return true;
    }

    /// <summary>The socket was made anew at its path, with its previous options.</summary>
    public bool FinishRenewal(scoped in HelperAnswer answer, HelperSlot slot)
    {
        ControlSocketRecord record = _record[_place];
        return Finish(record.Path.Value, ControlSocketOptions.Of(record), answer, slot);
    }

    /// <summary>Listens no more. The file is the caller's to remove.</summary>
    public void StopListening()
    {
        if (!_record[_place].IsListening)
        {
            return;
        }

        FdNumber listener = _record[_place].Listener;
        _watch.Stop(_kernel);
        _retry = Instant.None;
        using (RecordWriter<ControlSocketRecord> change = _record.Change(_place))
        {
            change.Record = new ControlSocketRecord { Generation = change.Record.Generation };
        }

        _helpers.Closer.Close(listener, FdBlocking.Close);
    }

    /// <summary>
    /// Removes the file, if it is still our own, and keeps listening; <see cref="Restore"/> can undo it. For the end:
    /// it may block.
    /// </summary>
    public void RemoveFile()
    {
        if (_record[_place].IsListening
            && _helpers.TryPrepare(HelperTask.RemoveSocketFile, default, out HelperSlot slot))
        {
            PlanRemoval(ref slot.Plan);
            _kernel.DoPlan(ref slot.Plan);
        }
    }

    /// <summary>Makes the file again, because the daemon does not end after all.</summary>
    public void Restore()
    {
        if (_record[_place].IsListening)
        {
            ControlSocketRecord record = _record[_place];
            TryListen(record.Path.Value, ControlSocketOptions.Of(record));
        }
    }

    /// <summary>
    /// Watches for connections; while no slot is free, only for the arrival of each. Returns when to look for some
    /// although epoll cannot tell of them.
    /// </summary>
    public Instant PrepareWait(Instant now)
    {
        _retry = _retry <= now ? Instant.None : _retry;
        if (_record[_place].IsListening && _retry.IsNone)
        {
            // While no slot is free, each arrival is reported once, for the log.
            PollInterest interest = HasSlot
                ? PollInterest.Read : PollInterest.Read | PollInterest.Edge;
            _watch.Set(_kernel, _record[_place].Listener, _record[_place].Generation, interest);
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
        _isReady |= _record[_place].IsListening && (_record[_place].Generation & 0xFFFFFF) == ready.Token.Generation;

    /// <summary>Takes the connections that wait, as long as there are slots; they are read in the same turn.</summary>
    public void Run(Instant now)
    {
        while (_isReady && _record[_place].IsListening && HasSlot)
        {
            // Before it is taken: a resume gives it no more than this.
            _image.Header.AcceptedAccess = Access.Value;
            ref FdNumber accepted = ref _image.Header.Accepted;
            Errno errno = _kernel.Accept(_record[_place].Listener, out accepted);
            if (errno != Errno.None)
            {
                accepted = FdNumber.None;
                NoteRefusal(errno, now);
                break;
            }

            _image.Pass(CrashPoint.Accepted);
            FdNumber peer = accepted;
            if (!_connections.TryOpenAccepted(peer, Access, out int opened))
            {
                break;
            }

            LogPeer(opened, peer);
        }

        if (_isReady && _record[_place].IsListening && !HasSlot)
        {
            LogFull(now);
        }

        _isReady = false;
    }

    public ref readonly ControlSocketRecord Record => ref _record[_place];

    /// <summary>Drops a socket that is closed.</summary>
    public void Forget()
    {
        using RecordWriter<ControlSocketRecord> change = _record.Change(_place);
        change.Record = new ControlSocketRecord { Generation = change.Record.Generation };
    }

    private static ReadOnlySpan<byte> ReasonOf(in HelperAnswer answer) => answer.Step switch
    {
        HelperStep.NoSocketThere => "there is something that is not a socket"u8,
        HelperStep.SomebodyListens => "somebody listens there"u8,
        HelperStep.FileBeside => "there is a file of this name with .new behind it"u8,
        _ => answer.ReasonText,
    };
}
