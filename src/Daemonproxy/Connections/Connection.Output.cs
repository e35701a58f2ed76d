using System;
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
    /// <summary>Whether it can be told anything.</summary>
    public bool IsListening => !Record.Output.IsNone && !Record.IsOutputGone;

    /// <summary>Whether there is something to be sent: lines, or that some were discarded.</summary>
    public bool HasOutput => IsListening && (!IsOutboxEmpty || Record.IsOverflowed);

    // What cannot be told anything has room for everything: a config file, a connection for commands only, and one
    // that has overflowed.
    private bool IsDeaf
    {
        get
        {
            ref readonly ConnectionRecord record = ref Record;
            return record.Output.IsNone || record.IsOutputGone || record.IsOverflowed;
        }
    }

    private bool IsOutboxEmpty => Record.Outbox.Length == 0;

    // Commands of a connection that has overflowed run all the same: there is nothing to discard for them.
    private SlowReaderPolicy SlowReader => new(
        Record.BlockedSince,
        Record.ResetSeconds,
        Record.CloseSeconds,
        commandsWait: !Record.BlockedSince.IsNone && !Record.IsOverflowed && HasLine);

    /// <summary>
    /// Appends a line to the outbox, whole or not at all. A connection without room is marked overflowed: from then on
    /// lines for it are discarded until it has read what it has. What is sent is logged at debug.
    /// </summary>
    public void Send(ReadOnlySpan<byte> line)
    {
        if (IsDeaf)
        {
            return;
        }

        if (!TryMakeRoom(line.Length, out BufferRange extent))
        {
            MarkOverflowed();
            return;
        }

        line.CopyTo(_outbox.Span[extent.End..]);
        _records.Pass(CrashPoint.OutboxWritten);
        SetOutbox(new BufferRange { Start = extent.Start, End = extent.End + line.Length });
        CountEvents(1);
        LogMessages.Event(_log, Index, line[..^1]);
    }

    /// <summary>
    /// After a resume: what it was told before is delivered, then it is told that it may have missed more.
    /// </summary>
    public void TellResumed()
    {
        if (!Record.IsOverflowed)
        {
            TellOverflow();
        }
    }

    /// <summary>
    /// One write of what it was told. A reader that is gone ends the connection; one that takes nothing starts the
    /// clock.
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
    }

    /// <summary>Sets the seconds until a slow reader's events are discarded, and until it is closed.</summary>
    public void SetTimeouts(int resetSeconds, int closeSeconds)
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.ResetSeconds = resetSeconds;
        change.Record.CloseSeconds = closeSeconds;
    }

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
        extent = new BufferRange { End = extent.Length };
        SetOutbox(extent);
        return true;
    }

    // One write of all that waits; EAGAIN when the other side takes no more for now.
    private Errno WriteOutbox()
    {
        if (IsOutboxEmpty)
        {
            return Errno.None;
        }

        Errno errno = Write();
        if (errno != Errno.None)
        {
            return errno;
        }

        _records.Pass(CrashPoint.WritePiece);
        return IsOutboxEmpty ? Errno.None : Errno.EAGAIN;
    }

    private Errno Write()
    {
        Errno errno;
        using (RecordWriter<ConnectionRecord> change = Change())
        {
            ref ConnectionRecord record = ref change.Record;
            ref BufferRange extent = ref record.Outbox;
            ReadOnlySpan<byte> waiting = _outbox.Span[extent.Start..extent.End];
            errno = record.IsOutputShared
                ? _kernel.WriteShared(record.Output, record.OutputIdentity.Kind, waiting, ref extent.Start)
                : _kernel.Write(record.Output, waiting, ref extent.Start);
        }

        if (IsOutboxEmpty)
        {
            SetOutbox(default);
        }

        return errno;
    }

    // Discards what it is told until it has read what it has; a dump is among the discarded.
    private void MarkOverflowed()
    {
        using (RecordWriter<ConnectionRecord> change = Change())
        {
            change.Record.IsOverflowed = true;
            change.Record.Dump = DumpStage.None;
        }

        _statistics.Add(Counter.Overflows);
    }

    // Nobody reads its output any more. What it has asked for and still asks for is done, if there is an input.
    private void LoseOutput()
    {
        SetOutbox(default);
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
        }

        Span<byte> text = stackalloc byte[Events.LongestOverflow];
        EventLine line = new(text);
        Events.Overflow(ref line);
        Send(line.Written);
        _mayHaveLine = true;
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

    private void JudgeSlowReader(Instant now)
    {
        long blocked = Instant.Between(Record.BlockedSince, now).Value;
        switch (SlowReader.Judge(now))
        {
            case SlowReaderVerdict.Close:
                LogMessages.BlockedTooLong(_log, Index, blocked);
                SetOutbox(default);
                Close();
                break;
            case SlowReaderVerdict.DiscardEvents:
                LogMessages.Blocked(_log, Index, blocked);
                MarkOverflowed();
                break;
            default:
                break;
        }
    }

    private void SetOutbox(BufferRange extent)
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.Outbox = extent;
    }
}
