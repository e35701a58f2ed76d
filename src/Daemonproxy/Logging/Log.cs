using System;
using Daemonproxy.Access;
using Daemonproxy.Collections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Logging;

/// <summary>
/// The log: lines <c>LEVEL: TEXT</c> to a named descriptor. It never blocks the daemon and never changes the
/// descriptor, which is shared with others: bytes wait in a small buffer until poll(2) says that a write would be
/// taken, the write itself does not wait either, and what does not fit is counted. To a file that may stop answering,
/// a helper writes. Messages that are filtered cost a comparison.
/// </summary>
internal sealed partial class Log : EventSource, IFdUser
{
    // A message can quote a whole line; it is cut to the buffer afterwards.
    private const int ScratchBytes = Limits.Line + 512;

    // A message that is escaped is cut, too: one character of four bytes takes 16 at most.
    private const int EscapedBytes = Limits.LogBuffer + 32;

    // The most bytes that a pipe accepts as a whole (PIPE_BUF on Linux).
    private const int MostPerWrite = 4096;

    // After a refusal, a try at once and one in the next turn, attempts come so far apart, in nanoseconds.
    private const long RetryInterval = 500_000_000;

    private readonly SystemCalls _kernel;
    private readonly Region<LogRecord> _record;
    private readonly RecordRef<LogRecord> _slot;
    private readonly Statistics _statistics;
    private readonly FixedArray<byte> _scratch;
    private readonly FixedArray<byte> _escaped;
    private FdTable? _fds;
    private int _refusals;
    private FdNumber _refusedBy = FdNumber.None;
    private Instant _nextAttempt;

    public Log(SystemCalls kernel, StateImage image, Statistics statistics)
    {
        _kernel = kernel;
        _statistics = statistics;
        _record = new Region<LogRecord>(image, RegionId.Log);
        _slot = _record.Slot(0);
        _scratch = new FixedArray<byte>(kernel, ScratchBytes);
        _escaped = new FixedArray<byte>(kernel, EscapedBytes);
    }

    /// <summary>Messages above this level are logged.</summary>
    public LogLevel Filter => _record[0].Filter;

    // True if the current destination has refused the buffer; a new one is tried at once.
    private bool IsRefused => _refusals > 0 && Destination(out _, out _) == _refusedBy;

    // Bytes that wait.
    private int Length => _record[0].Waiting.Length;

    private ReadOnlySpan<byte> Waiting
    {
        get
        {
            ReadOnlySpan<byte> bytes = _record[0].Bytes;
            return bytes[_record[0].Waiting.Start.._record[0].Waiting.End];
        }
    }

    /// <summary>The shares of restricted peers; set once, when the daemon is built.</summary>
    public PeerMessages? Peers { get; set; }

    public bool TryReserve() => _record.TryReserve(0);

    public ref readonly LogRecord Record => ref _record[0];

    /// <summary>Begins anew: nothing waits, and messages above debug go to stderr.</summary>
    public void Reset()
    {
        Assertion.Require(Name.TryParse("stderr"u8, FdName.Longest, out Name destination));
        using RecordWriter<LogRecord> change = _record.Change(0);
        change.Record = new LogRecord { Destination = FixedName.From(destination), Filter = LogLevel.Debug };
    }

    /// <summary>From here on messages go to standard error, whatever has that name.</summary>
    public void Disconnect() => _fds = null;

    /// <summary>From here on the destination is looked up by name.</summary>
    public void Connect(FdTable fds)
    {
        _fds = fds;
        fds.Connect(this);
        WriteAgain();
    }

    public void SetFilter(LogLevel filter)
    {
        using RecordWriter<LogRecord> change = _record.Change(0);
        change.Record.Filter = filter;
    }

    /// <summary>
    /// Writes to the descriptor of this name from now on, whenever there is one. What waits is written to the former
    /// one, unless it takes nothing.
    /// </summary>
    public void SetDestination(Name name)
    {
        FlushLast(_kernel.Now());
        using RecordWriter<LogRecord> change = _record.Change(0);
        change.Record.Destination = FixedName.From(name);
    }

    /// <summary>
    /// If the destination is about to be closed, writes what waits to it, unless it takes nothing. Its number may be
    /// that of another descriptor soon, which has refused nothing yet.
    /// </summary>
    public void BeforeClose(in FixedName name)
    {
        if (name.IsSame(_record[0].Destination))
        {
            FlushLast(_kernel.Now());
            _refusals = 0;
            _refusedBy = FdNumber.None;
        }
    }

    /// <summary>True if a message of this level passes the filter.</summary>
    public bool Wants(LogLevel level) => level > _slot.Value.Filter;

    /// <summary>
    /// The same for a message that the peers of a control socket cause, of which a restricted one has a share. What is
    /// counted is to be written.
    /// </summary>
    public bool Wants(LogLevel level, AccessPolicyIndex access, PeerMessageKind kind = PeerMessageKind.Other) =>
        Wants(level) && (access.IsAll || Peers is null || Peers.TryCount(level, access, kind));

    /// <summary>The same for one about a descriptor: services of any peer that sees it may have caused it.</summary>
    public bool Wants(LogLevel level, Name descriptor) =>
        Wants(level) && (Peers is null || Peers.TryCount(level, Peers.FirstThatSees(descriptor.Bytes), default));

    /// <summary>A message to be written and given to <see cref="End"/>. Only after <see cref="Wants"/>.</summary>
    public LineWriter Begin(LogLevel level)
    {
        LineWriter line = new(_scratch.Span);
        line.Text(level.Text());
        line.Text(": "u8);
        return line;
    }

    public void End(scoped ref LineWriter line)
    {
        if (LogEscaping.NeedsLook(line.Written))
        {
            LineWriter escaped = new(_escaped.Span);
            LogEscaping.Escape(line.Written, ref escaped, Limits.LogBuffer);
            EndAsIs(ref escaped);
        }
        else
        {
            EndAsIs(ref line);
        }
    }

    private void EndAsIs(scoped ref LineWriter line)
    {
        if (line.Length >= Limits.LogBuffer)
        {
            line.CutTo(Limits.LogBuffer - 4);
            line.Text("..."u8);
        }

        line.Byte((byte)'\n');
        Append(line.Written);
    }

    /// <summary>A message that is one text.</summary>
    public void Say(LogLevel level, ReadOnlySpan<byte> text)
    {
        if (Wants(level))
        {
            LineWriter line = Begin(level);
            line.Text(text);
            End(ref line);
        }
    }

    /// <summary>Returns when to try again to write; never when there is nothing to write.</summary>
    public override Instant PrepareWait(Instant now) =>
        Length > 0 || _record[0].Lost > 0 ? _nextAttempt : Instant.Never;

    public override void Run(TurnStep step, ref Instant now) => Flush(now);

    /// <summary>Writes the buffer, if it is time and the destination accepts it. Never blocks.</summary>
    public void Flush(Instant now)
    {
        if (_record[0].Lost > 0)
        {
            AnnounceLost();
        }

        if (Length > 0 && (_refusals < 2 || now >= _nextAttempt || !IsRefused))
        {
            TryWrite(now);
        }

        // Now, as there is room: the next turn may be far away.
        if (_record[0].Lost > 0 && Length == 0)
        {
            AnnounceLost();
            TryWrite(now);
        }
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        // A new destination takes what waits and the number of the lost messages, and then this one.
        bool isFull = _record[0].Lost > 0 || Length + text.Length > Limits.LogBuffer;
        if (isFull && !IsRefused)
        {
            Flush(_kernel.Now());
        }

        using RecordWriter<LogRecord> change = _record.Change(0);
        if (change.Record.Lost > 0 || Length + text.Length > Limits.LogBuffer)
        {
            change.Record.Lost++;
            return;
        }

        Add(ref change.Record, text);
    }

    // The room is twice what may wait, so that what waits can be moved to its start without overlapping itself: a crash
    // in between finds it where it was.
    private static void Add(ref LogRecord record, ReadOnlySpan<byte> text)
    {
        BufferRange waiting = record.Waiting;
        Span<byte> bytes = record.Bytes;
        if (waiting.End + text.Length > bytes.Length)
        {
            bytes[waiting.Start..waiting.End].CopyTo(bytes);
            waiting = new BufferRange { End = waiting.Length };
            record.Waiting = waiting;
        }

        text.CopyTo(bytes[waiting.End..]);
        record.Waiting = new BufferRange { Start = waiting.Start, End = waiting.End + text.Length };
    }

    private void AnnounceLost()
    {
        Span<byte> text = stackalloc byte[64];
        LineWriter line = new(text);
        line.Text(LogLevel.Warning.Text());
        line.Text(": "u8);
        LogMessages.LostText(ref line, _record[0].Lost);
        line.Byte((byte)'\n');
        using RecordWriter<LogRecord> change = _record.Change(0);
        ref LogRecord record = ref change.Record;
        if (record.Waiting.Length + line.Length <= Limits.LogBuffer)
        {
            Add(ref record, line.Written);
            record.Lost = 0;
        }
    }

    private void TryWrite(Instant now)
    {
        FdNumber fd = Destination(out FdKind kind, out bool isSlow);
        if (fd.IsNone)
        {
            // The refusing destination is gone: the next descriptor of that name is tried at once.
            _refusals = 0;
            _nextAttempt = Instant.Never;
            return;
        }

        _refusals = fd == _refusedBy ? _refusals : 0;
        _refusedBy = fd;
        _statistics.Raise(Counter.LogMost, Length);
        if (isSlow)
        {
            HandOver(fd, now);
            return;
        }

        // After a first refusal the write is tried again at once, except after EAGAIN.
        int left = _refusals == 0 ? 2 : 1;
        while (Length > 0 && left > 0)
        {
            Errno errno = WriteOnce(fd, kind);
            left = errno == Errno.None ? left : errno == Errno.EAGAIN ? 0 : left - 1;
        }

        bool written = Length == 0;
        _refusals = written ? 0 : _refusals + 1;
        _nextAttempt = written ? Instant.Never
            : _refusals < 2 ? now
            : After(now);
    }

    private Errno WriteOnce(FdNumber fd, FdKind kind)
    {
        Errno errno;
        using (RecordWriter<LogRecord> change = _record.Change(0))
        {
            ref LogRecord record = ref change.Record;
            ReadOnlySpan<byte> waiting = Waiting;
            errno = _kernel.WriteLog(
                fd, kind, waiting[..Math.Min(waiting.Length, MostPerWrite)], ref record.Waiting.Start);
            if (record.Waiting.Length == 0)
            {
                record.Waiting = default;
            }
        }

        _record.Pass(CrashPoint.LogPiece);
        return errno;
    }

    private FdNumber Destination(out FdKind kind, out bool isSlow)
    {
        isSlow = false;
        if (_fds is null)
        {
            FdNumber standardError = new(2);
            _kernel.Identify(standardError, out FdIdentity identity);
            kind = identity.Kind;
            return standardError;
        }

        bool found = _fds.TryFind(_record[0].Destination.Value, out FdIndex index);
        kind = found ? _fds[index].Identity.Kind : FdKind.None;
        isSlow = kind == FdKind.File && _fds[index].Blocking == FdBlocking.All;
        return found ? _fds[index].Number : FdNumber.None;
    }
}
