using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>
/// The output of a connection: the outbox, to which whole lines are appended and from whose start bytes are sent, and
/// what happens when the other side does not read.
/// </summary>
internal sealed partial class Connection
{
    /// <summary>True if lines can be sent to it.</summary>
    public bool IsListening => !Record.Output.IsNone && !Record.IsOutputGone;

    /// <summary>True if lines, or the event <c>overflow</c>, have to be sent.</summary>
    public bool HasOutput => IsListening && (!IsOutboxEmpty || Record.IsOverflowed);

    // A connection that gets no lines always has room: a config file, a connection for commands only, one whose reader
    // is gone, and one that has not read its answers in time.
    private bool LosesAnswers
    {
        get
        {
            ref readonly ConnectionRecord record = ref Record;
            return record.Output.IsNone || record.IsOutputGone || record.LosesAnswers;
        }
    }

    // A connection that loses its answers has overflowed.
    private bool LosesEvents
    {
        get
        {
            ref readonly ConnectionRecord record = ref Record;
            return record.Output.IsNone || record.IsOutputGone || record.IsOverflowed;
        }
    }

    private bool IsOutboxEmpty => Record.Outbox.Length == 0;

    // Commands of a connection that loses its answers run all the same: there is nothing to discard for them.
    private SlowReaderPolicy SlowReader => new(
        Record.BlockedSince,
        Record.ResetSeconds,
        Record.CloseSeconds,
        commandsWait: !Record.BlockedSince.IsNone && !Record.LosesAnswers && HasLine);

    /// <summary>
    /// Appends an answer to the outbox, whole. A command runs only if its answers have room, so they are not lost when
    /// events are: only a connection that has not read for too long loses them. Sent lines are logged at debug.
    /// </summary>
    public void Send(ReadOnlySpan<byte> line)
    {
        if (!LosesAnswers && !TryAppend(line))
        {
            MarkOverflowed(withAnswers: true);
        }
    }

    /// <summary>
    /// Appends an event to the outbox, whole or not at all. If there is no room, the outbox is written first. If the
    /// reader does not accept enough, the connection is marked overflowed: its events are discarded until it has read
    /// its outbox.
    /// </summary>
    public void SendEvent(ReadOnlySpan<byte> line)
    {
        if (!LosesEvents && !TryAppend(line) && !(TryDrain() && TryAppend(line)))
        {
            MarkOverflowed(withAnswers: false);
        }
    }

    /// <summary>
    /// After a resume: the outbox is delivered, then the event <c>overflow</c>.
    /// </summary>
    public void TellResumed()
    {
        if (!Record.IsOverflowed)
        {
            TellOverflow();
        }
    }

    /// <summary>
    /// Writes the outbox once. A missing reader ends the connection; a reader that accepts nothing starts the timeout.
    /// </summary>
    public void Flush(Instant now)
    {
        if (HasOutput)
        {
            _statistics.Raise(Counter.OutboxMost, Record.Outbox.Length);
            int before = Record.Outbox.Length;
            Errno errno = WriteOutbox();
            if (errno == Errno.None && Record.IsOverflowed)
            {
                TellOverflow();
                before = Record.Outbox.Length;
                errno = WriteOutbox();
            }

            if (errno is Errno.None or Errno.EAGAIN or Errno.EINTR)
            {
                NoteProgress(errno == Errno.None, Record.Outbox.Length < before, now);
            }
            else
            {
                LoseOutput();
            }
        }

        if (!Record.BlockedSince.IsNone)
        {
            JudgeSlowReader(now);
        }

        JudgeUnread(now);
    }

    /// <summary>
    /// Sets the seconds until a slow reader's events are discarded, and until it is closed, and whether its service is
    /// ended then.
    /// </summary>
    public void SetTimeouts(int resetSeconds, int closeSeconds, bool endsService)
    {
        using (RecordWriter<ConnectionRecord> change = Change())
        {
            change.Record.ResetSeconds = resetSeconds;
            change.Record.CloseSeconds = closeSeconds;
            change.Record.EndsService = endsService;
        }

        NoteUnread();
    }

    // In line, since every event and answer comes here.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryAppend(ReadOnlySpan<byte> line)
    {
        if (!TryMakeRoom(line.Length, out BufferRange extent))
        {
            return false;
        }

        line.CopyTo(_outbox.Span[extent.End..]);
        _records.Pass(CrashPoint.OutboxWritten);
        SetOutbox(new BufferRange { Start = extent.Start, End = extent.End + line.Length });
        CountEvents(1);
        LogEvent(line);
        return true;
    }

    // A line with its LF. Most daemons log no events, so the test is in line.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void LogEvent(ReadOnlySpan<byte> line)
    {
        if (_log.Wants(LogLevel.Debug))
        {
            LogMessages.Event(_log, Index, line[..^1]);
        }
    }

    // The outbox is written at the end of the turn, and the commands of one turn can fill it. A reader that is not
    // blocked must not lose events because of that. The end of the turn handles a reader that is gone.
    private bool TryDrain() => Record.BlockedSince.IsNone && !IsOutboxEmpty && Write() == Errno.None;

    // Whether a line of so many bytes can be appended.
    private bool HasRoom(int bytes)
    {
        BufferRange extent = Record.Outbox;
        bool canMove = extent.Start >= extent.Length;
        return bytes <= _outbox.Length - (canMove ? extent.Length : extent.End);
    }

    // Moves what waits to the start of the buffer if there is no room behind it, and only to a place that it does not
    // overlap. False when there is no room then either.
    private bool TryMakeRoom(int bytes, out BufferRange extent)
    {
        extent = Record.Outbox;
        if (bytes <= _outbox.Length - extent.End)
        {
            return true;
        }

        if (!HasRoom(bytes))
        {
            return false;
        }

        Span<byte> buffer = _outbox.Span;
        buffer[extent.Start..extent.End].CopyTo(buffer);
        _records.Pass(CrashPoint.OutboxMoved);
        MoveOutbox(extent.Start);
        extent = Record.Outbox;
        return true;
    }

    // Writes all waiting bytes once; EAGAIN if the other side accepts no more for now.
    private Errno WriteOutbox()
    {
        if (IsOutboxEmpty)
        {
            return Errno.None;
        }

        // The bytes before the line of a descriptor, that line, and the bytes after it are three writes.
        Errno errno;
        bool hadGiven;
        do
        {
            hadGiven = HasGiven;
            errno = Write();
            if (errno != Errno.None)
            {
                return errno;
            }

            _records.Pass(CrashPoint.WritePiece);
        }
        while (hadGiven && !IsOutboxEmpty && Record.Outbox.Start == Record.GivenEnd);

        return IsOutboxEmpty ? Errno.None : Errno.EAGAIN;
    }

    private Errno Write()
    {
        if (Record.IsOutputSlow)
        {
            return HandOver();
        }

        NoteReading();
        Errno errno;
        using (RecordWriter<ConnectionRecord> change = Change())
        {
            errno = WritePiece(ref change.Record);
        }

        NoteUnread();

        if (HasGiven && Record.Outbox.Start > Record.GivenStart)
        {
            DropGiven();
        }

        if (IsOutboxEmpty)
        {
            SetOutbox(default);
        }

        return errno;
    }

    // Discards events, or answers, too, until it has read its outbox; a dump is an answer.
    private void MarkOverflowed(bool withAnswers)
    {
        if (!Record.IsOverflowed)
        {
            _statistics.Add(Counter.Overflows);
        }

        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.IsOverflowed = true;
        change.Record.LosesAnswers |= withAnswers;
        change.Record.Dump = withAnswers ? DumpStage.None : change.Record.Dump;
    }

    // Handles an output without a reader. Its commands still run, if there is an input. A session is over after the
    // commands that can be read now.
    private void LoseOutput()
    {
        ClearOutbox();
        _isReadable |= Record.Kind == ConnectionKind.Interactive;
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.IsOutputGone = true;
        change.Record.Dump = DumpStage.None;
        change.Record.BlockedSince = Instant.None;
        change.Record.IsClosing |= change.Record.Input.IsNone;
    }

    private void TellOverflow()
    {
        using (RecordWriter<ConnectionRecord> change = Change())
        {
            change.Record.IsOverflowed = false;
            change.Record.LosesAnswers = false;
        }

        Span<byte> text = stackalloc byte[Events.LongestOverflow];
        LineWriter line = new(text);
        Events.Overflow(ref line);
        SendEvent(line.Written);
        _mayHaveLine = true;
        if (_waitsToGive)
        {
            Hold(false);
        }
    }

    private void NoteProgress(bool isDelivered, bool isMoving, Instant now)
    {
        if (isDelivered && Record.BlockedSince.IsNone)
        {
            return;
        }

        using RecordWriter<ConnectionRecord> change = Change();
        if (isDelivered)
        {
            change.Record.BlockedSince = Instant.None;
        }
        else if (isMoving || change.Record.BlockedSince.IsNone)
        {
            change.Record.BlockedSince = now;
        }
    }

    private void LogBlocked(LogLevel level, long seconds)
    {
        if (!_log.Wants(level, Record.Access))
        {
            return;
        }

        if (level == LogLevel.Error)
        {
            LogMessages.BlockedTooLong(_log, Index, seconds);
        }
        else
        {
            LogMessages.Blocked(_log, Index, seconds);
        }
    }

    private void JudgeSlowReader(Instant now)
    {
        long blocked = Instant.Between(Record.BlockedSince, now).Value;
        switch (SlowReader.Judge(now))
        {
            case SlowReaderVerdict.Close:
                LogBlocked(LogLevel.Error, blocked);
                ClearOutbox();
                CloseHung();
                break;
            case SlowReaderVerdict.DiscardEvents:
                LogBlocked(LogLevel.Warning, blocked);
                MarkOverflowed(withAnswers: true);
                break;
            default:
                break;
        }
    }

    // In one change: a resume after a crash finds the remaining work.
    private void CloseHung()
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.IsHung = change.Record.EndsService;
        change.Record.IsClosing = true;
        change.Record.Dump = DumpStage.None;
    }

    private void MoveOutbox(int by)
    {
        using RecordWriter<ConnectionRecord> change = Change();
        ref ConnectionRecord record = ref change.Record;
        record.GivenStart -= by;
        record.GivenEnd -= by;
        record.Outbox = new BufferRange { End = record.Outbox.Length };
    }

    // Drops its unsent bytes.
    private void ClearOutbox()
    {
        SetOutbox(default);
        SetHanded(0);
        if (HasGiven)
        {
            DropGiven();
        }
    }

    private void SetOutbox(BufferRange extent)
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.Outbox = extent;
    }
}
