using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Loop;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>
/// One connected stream of commands and events: a slot of the table, made once, used again and again.
/// </summary>
internal sealed class Connection
{
    private readonly Region<ConnectionRecord> _records;
    private readonly Statistics _statistics;
    private readonly Log _log;
    private bool _isReadable;

    public Connection(
        int index,
        Region<ConnectionRecord> records,
        ByteRegion inboxes,
        ByteRegion outboxes,
        Statistics statistics,
        Log log)
    {
        Index = index;
        _records = records;
        _statistics = statistics;
        _log = log;
        Inbox = new Inbox(records, inboxes, index);
        Outbox = new Outbox(records, outboxes, index);
        InputWatch = new EpollRegistration(PollTokenKind.ConnectionInput, index);
        OutputWatch = new EpollRegistration(PollTokenKind.ConnectionOutput, index);
    }

    /// <summary>Its number, as the log names it.</summary>
    public int Index { get; }

    public Inbox Inbox { get; }

    public Outbox Outbox { get; }

    public EpollRegistration InputWatch { get; }

    public EpollRegistration OutputWatch { get; }

    public ref readonly ConnectionRecord Record => ref _records[Index];

    /// <summary>
    /// Whether a complete line may be waiting: until a look at the inbox has shown that there is none.
    /// </summary>
    public bool MayHaveLine { get; set; }

    /// <summary>Whether a complete line waits in the inbox, or more of one than a line can have.</summary>
    public bool HasLineWaiting => MayHaveLine && Inbox.HasLine;

    public bool IsInUse => Record.Kind != ConnectionKind.None;

    /// <summary>Whether it can be told anything.</summary>
    public bool IsListening => !Record.Output.IsNone && !Record.IsOutputGone;

    /// <summary>Whether it may be read from and has something to be read.</summary>
    public bool CanRead =>
        (_isReadable || InputWatch.IsAlwaysReady) && WantsInput;

    /// <summary>Whether it may send more, and there is room for it.</summary>
    public bool WantsInput => !Record.Input.IsNone && !Record.InputEnded && !Record.IsClosing && Inbox.HasRoom;

    /// <summary>
    /// Whether a command may run: there is room for the largest answer that one can give, nothing before it is still
    /// being answered, and the connection is not ending.
    /// </summary>
    public bool CanRunCommand =>
        Record.Dump == DumpStage.None && !Record.IsHeld && !Record.IsClosing
        && (IsDeaf || Outbox.HasRoom(AnswerLimits.RoomForOneCommand));

    // What cannot be told anything has room for everything: a config file, a connection for commands only, and one
    // that has overflowed.
    private bool IsDeaf => !IsListening || Record.IsOverflowed;

    public RecordWriter<ConnectionRecord> Change() => _records.Change(Index);

    /// <summary>See <see cref="StateImage.Pass"/>.</summary>
    public void Pass(CrashPoint point) => _records.Pass(point);

    /// <summary>Its input can be read once without waiting.</summary>
    public void MarkReadable() => _isReadable = true;

    /// <summary>
    /// Gives it a line, whole or not at all. One that has no room is marked overflowed: from then on lines for it are
    /// discarded until it has read what it has. What is sent is logged at debug.
    /// </summary>
    public void Send(ReadOnlySpan<byte> line)
    {
        if (IsDeaf)
        {
            return;
        }

        if (!Outbox.TryAppend(line))
        {
            MarkOverflowed();
            return;
        }

        _statistics.Add(Counter.Events);
        LogMessages.Event(_log, Index, line[..^1]);
    }

    /// <summary>Discards what it is told until it has read what it has; a dump is among the discarded.</summary>
    public void MarkOverflowed()
    {
        using (RecordWriter<ConnectionRecord> change = Change())
        {
            change.Record.IsOverflowed = true;
            change.Record.Dump = DumpStage.None;
        }

        _statistics.Add(Counter.Overflows);
    }

    /// <summary>No further command of it runs; what it was told is still delivered.</summary>
    public void Close()
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.IsClosing = true;
        change.Record.Dump = DumpStage.None;
    }

    /// <summary>Its further commands wait for the answer to the one that runs, or go on.</summary>
    public void Hold(bool isHeld)
    {
        MayHaveLine = true;
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.IsHeld = isHeld;
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
    /// One read, if there is something to be read; EOF and errors end the input. The error is told, too.
    /// </summary>
    [SkipLocalsInit]
    public Errno Read(SystemCalls kernel)
    {
        if (!CanRead)
        {
            return Errno.None;
        }

        _isReadable = false;
        Span<FdNumber> surplus = stackalloc FdNumber[SystemCalls.MostPassed];
        Errno errno = Inbox.Fill(kernel, surplus, out int surplusCount, out int added);
        PassedDescriptors.Refuse(kernel, _log, surplus[..surplusCount]);
        _statistics.Raise(Counter.InboxMost, Inbox.Length);
        if (errno is Errno.EAGAIN or Errno.EINTR)
        {
            return Errno.None;
        }

        MayHaveLine = true;
        _records.Pass(CrashPoint.InboxFilled);
        if (errno != Errno.None || added == 0)
        {
            using RecordWriter<ConnectionRecord> change = Change();
            change.Record.InputEnded = true;
        }

        return errno;
    }

    /// <summary>
    /// One write of what it was told. A reader that is gone ends the connection; one that takes nothing starts the
    /// clock.
    /// </summary>
    public void Flush(SystemCalls kernel, Instant now)
    {
        if (Outbox.IsEmpty && !Record.IsOverflowed)
        {
            return;
        }

        _statistics.Raise(Counter.OutboxMost, Outbox.Length);
        int before = Outbox.Length;
        Errno errno = Outbox.Flush(kernel, Record.Output, Record.IsOutputShared);
        if (errno == Errno.None && Record.IsOverflowed)
        {
            TellOverflow();
            before = Outbox.Length;
            errno = Outbox.Flush(kernel, Record.Output, Record.IsOutputShared);
        }

        if (errno is Errno.None or Errno.EAGAIN or Errno.EINTR)
        {
            NoteProgress(errno == Errno.None, Outbox.Length < before, now);
        }
        else
        {
            LoseOutput();
        }
    }

    /// <summary>
    /// Nobody reads its output any more. What it has asked for and still asks for is done, if there is an input.
    /// </summary>
    public void LoseOutput()
    {
        Outbox.Clear();
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
        MayHaveLine = true;
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
}
