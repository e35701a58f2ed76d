using System;
using Daemonproxy.Collections;
using Daemonproxy.Descriptors;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>
/// Looks at the unix sockets that <c>fd.socket</c> has bound to a path, and makes those anew whose file was removed, or
/// that were shut down: with the same options, owner and mode, and under the same name. Helpers do it, at most as many
/// as leave some for commands. Files of others at the path stay.
/// </summary>
internal sealed class SocketRenewal : IListenerKeeper, IHelperOwner
{
    private readonly SystemCalls _kernel;
    private readonly FdTable _fds;
    private readonly HelperTable _helpers;
    private readonly IAnnouncer _announcer;
    private readonly Log _log;
    private readonly FixedArray<RenewalState> _states;
    private readonly PendingRenewal[] _entries = new PendingRenewal[Limits.HelperSlots];
    private int _queued;
    private long _lastTicket;

    public SocketRenewal(SystemCalls kernel, FdTable fds, HelperTable helpers, IAnnouncer announcer, Log log)
    {
        _kernel = kernel;
        _fds = fds;
        _helpers = helpers;
        _announcer = announcer;
        _log = log;
        _states = new FixedArray<RenewalState>(kernel, fds.Capacity);
    }

    private enum RenewalState : byte
    {
        None,
        Queued,
        UnderWay,
    }

    /// <summary>True if a descriptor is a socket that has a path by us.</summary>
    public static bool IsFor(in FdRecord record) => record.Type == FdType.Socket && !record.File.IsNone;

    /// <summary>True if a helper looks at a socket.</summary>
    public bool IsUnderWay(FdIndex fd) => _states[fd.Value] == RenewalState.UnderWay;

    /// <summary>True if a socket waits for a helper that looks at it.</summary>
    public bool IsQueued(FdIndex fd) => _states[fd.Value] == RenewalState.Queued;

    /// <summary>When a helper can be started; never without a socket to be looked at.</summary>
    public Instant NextTry(Instant now) => _queued > 0 && _helpers.HasSpare ? now : Instant.Never;

    /// <summary>A socket is to be looked at, if it has a path by us.</summary>
    public void Look(FdIndex fd)
    {
        if (IsFor(_fds[fd]) && _states[fd.Value] == RenewalState.None)
        {
            _states[fd.Value] = RenewalState.Queued;
            _queued++;
        }
    }

    /// <summary>Starts helpers for sockets to be checked.</summary>
    public void Run()
    {
        for (int fd = 0; _queued > 0 && fd < _fds.HighWater && _helpers.HasSpare; fd++)
        {
            if (_states[fd] == RenewalState.Queued)
            {
                _states[fd] = RenewalState.None;
                _queued--;
                Start(new FdIndex(fd));
            }
        }
    }

    // The start that waits goes on with the socket so far.
    void IHelperOwner.GiveUp(HelperSlot slot)
    {
        HelperAnswer late = new() { Reason = Errno.ETIMEDOUT, Fd = FdNumber.None };
        Finish(slot, ref late);
    }

    void IHelperOwner.Finish(HelperSlot slot, ref HelperAnswer answer, Instant now) => Finish(slot, ref answer);

    private void Finish(HelperSlot slot, ref HelperAnswer answer)
    {
        foreach (ref PendingRenewal entry in _entries.AsSpan())
        {
            if (entry.Ticket == slot.Plan.Ticket && entry.Ticket != 0)
            {
                FdIndex fd = entry.Fd;
                bool isSame = _fds[fd].Number == entry.Number && IsFor(_fds[fd]);
                entry = default;
                _states[fd.Value] = _states[fd.Value] == RenewalState.UnderWay ? RenewalState.None : _states[fd.Value];
                Finish(fd, isSame, slot, ref answer);
                return;
            }
        }
    }

    private void Start(FdIndex fd)
    {
        ref readonly FdRecord record = ref _fds[fd];
        int free = Array.FindIndex(_entries, static entry => entry.Ticket == 0);
        if (!IsFor(record) || free < 0 || !SocketAddress.TryUnix(record.File.Path, out SocketAddress address)
            || !_helpers.TryPrepare(HelperTask.RenewSocket, default, out HelperSlot slot))
        {
            return;
        }

        SocketFlags flags = (SocketFlags)record.Flags;
        bool listens = (flags & SocketFlags.Listen) != 0;
        FileRights rights = _fds.RightsOf(fd);
        ref HelperPlan plan = ref slot.Plan;
        plan.Ticket = ++_lastTicket;
        plan.Shape = SocketFlagResolver.Of(flags);
        plan.Address = address;
        plan.Beside = SocketAddress.Beside(record.File.Path);
        plan.Backlog = listens ? record.Backlog : 0;
        plan.MakesParents = (flags & SocketFlags.Mkdir) != 0;
        plan.Mode = (flags & SocketFlags.Nonblock) != 0 ? OpenMode.Nonblocking : 0;
        plan.MayKeep = _kernel.IsIntact(record.Number, listens);
        slot.WriteRights((flags & SocketFlags.Mode) != 0, rights.Mode, rights.Owner);
        record.File.Plan(ref plan);
        if (_helpers.Start(slot, HelperRecord.NoConnection) == Errno.None)
        {
            _entries[free] = new PendingRenewal { Ticket = plan.Ticket, Fd = fd, Number = record.Number };
            _states[fd.Value] = RenewalState.UnderWay;
        }
    }

    private void Finish(FdIndex fd, bool isSame, HelperSlot slot, ref HelperAnswer answer)
    {
        if (answer.Reason != Errno.None)
        {
            if (isSame)
            {
                Tell(fd, answer.Reason);
            }

            return;
        }

        if (answer.Step == HelperStep.Kept)
        {
            return;
        }

        SocketFile made = new(slot.PathText, slot.Plan.Address.Path, answer.File);
        if (!isSame)
        {
            // The name was given to another descriptor meanwhile, so the new socket must not be reachable.
            RemoveFile(made);
            return;
        }

        ExaminedFd file = new(answer.Fd, answer.Identity, FdBlocking.Close);
        answer.Fd = FdNumber.None;
        _fds.Renew(fd, file, made);
        _fds.Announce(fd);
        Tell(fd, Errno.None);
    }

    private void RemoveFile(in SocketFile file)
    {
        if (_helpers.TryPrepare(HelperTask.RemoveSocketFile, default, out HelperSlot slot))
        {
            file.Plan(ref slot.Plan);
            _helpers.Start(slot, HelperRecord.NoConnection);
        }
    }

    private void Tell(FdIndex fd, Errno refused)
    {
        Name name = _fds[fd].Name.Value;
        LineWriter warning = _announcer.Begin();
        if (refused == Errno.None)
        {
            Warnings.Remade(ref warning, name);
        }
        else
        {
            Warnings.NotRemade(ref warning, name, refused);
        }

        _announcer.Announce(EventSubject.Of(fd), warning);
        if (_log.Wants(LogLevel.Warning, name))
        {
            LineWriter line = _log.Begin(LogLevel.Warning);
            line.Text("fd '"u8);
            line.Name(name);
            line.Text(refused == Errno.None
                ? "' was made anew, as its file was gone or it was shut down"u8
                : "' cannot be made anew: "u8);
            line.Text(refused == Errno.None ? default : refused.Text());
            _log.End(ref line);
        }
    }

    // A helper that looks at a socket.
    private struct PendingRenewal
    {
        public long Ticket;
        public FdIndex Fd;
        public FdNumber Number;
    }
}
