using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>The result of the search for a line in an inbox.</summary>
internal enum LineScanResult
{
    /// <summary>A line, without its LF.</summary>
    Line,

    /// <summary>A line that is too long; the rest of it has to be discarded.</summary>
    TooLong,

    /// <summary>The beginning of a line, or nothing.</summary>
    Incomplete,
}

/// <summary>
/// The input of a connection: the inbox, which is filled at its end and from whose start lines are taken, and the
/// descriptors that were sent along.
/// </summary>
internal sealed partial class Connection
{
    private const byte LineFeed = (byte)'\n';

    private bool _isReadable;

    // True if a complete line may be waiting: until a search of the inbox finds none.
    private bool _mayHaveLine;

    // True if the last read brought descriptors that are only to be closed. A peer that sends them faster than they are
    // closed has to wait: otherwise it would take all that the daemon can have.
    private bool _sendsTooMany;

    // What was in the inbox of a daemon that crashed is not known.
    private bool _mayHaveNul = true;

    /// <summary>
    /// True if a NUL byte may be in the inbox. Each read looks for one in all that it has read, which costs less than a
    /// look at each line.
    /// </summary>
    public bool MayHaveNul => _mayHaveNul;

    /// <summary>
    /// True if a line may run: one may be there, there is room for the largest answer that a command can give, nothing
    /// before it is still being answered, and the connection is not ending.
    /// </summary>
    public bool CanRunLine
    {
        get
        {
            ref readonly ConnectionRecord record = ref Record;
            return _mayHaveLine && record.Dump == DumpStage.None && !record.IsHeld && !record.IsClosing
                && (LosesAnswers || (record.Given == 0 && HasRoom(LargestAnswer.RoomForOneCommand)));
        }
    }

    /// <summary>True if the input has ended in the middle of a line.</summary>
    public bool HasRest => IsDrained && Record.Inbox.Length > 0 && !Record.IsDiscarding;

    /// <summary>True if the input has ended, and all its lines are done.</summary>
    public bool IsInputOver => IsDrained && Record.Dump == DumpStage.None;

    // True if data can be read, and there is room for them.
    private bool CanRead => (_isReadable || _inputWatch.IsAlwaysReady) && WantsInput;

    // Whether the other side may send more, and there is room for it.
    private bool WantsInput =>
        !Record.Input.IsNone && !Record.InputEnded && !Record.IsClosing && !Record.IsBehind && !Record.WaitsForCopy
        && HasInboxRoom && !(_sendsTooMany && _closer.HasMuchToClose);

    // Whether no further line can come or run.
    private bool IsDrained => Record.InputEnded && !_mayHaveLine && !Record.IsClosing;

    // A session without a reader ends after the lines that it has sent.
    private bool IsReaderGone => Record.IsOutputGone && Record.Kind == ConnectionKind.Interactive;

    private bool HasInboxRoom => Record.Inbox.End < _inbox.Length || CanMoveInbox;

    // Only to a place that it does not overlap: a crash in between leaves the bytes where they were.
    private bool CanMoveInbox
    {
        get
        {
            BufferRange extent = Record.Inbox;
            return extent.Start > 0 && extent.Start >= extent.Length;
        }
    }

    private ReadOnlySpan<byte> Waiting
    {
        get
        {
            BufferRange extent = Record.Inbox;
            return _inbox.Span[extent.Start..extent.End];
        }
    }

    // Returns true if a complete line waits, or more bytes than a line can have.
    private bool HasLine => _mayHaveLine && (Record.Inbox.Length >= Limits.Line || Waiting.Contains(LineFeed));

    /// <summary>The input can be read once without waiting.</summary>
    public void MarkReadable() => _isReadable = true;

    /// <summary>
    /// Reads once, if data can be read; EOF and errors end the input. Returns true if data were read.
    /// </summary>
    [SkipLocalsInit]
    public bool Read()
    {
        if (!CanRead)
        {
            return false;
        }

        _isReadable = IsReaderGone;
        Span<FdNumber> surplus = stackalloc FdNumber[SystemCalls.MostPassed];
        bool wasEmpty = Record.Inbox.Length == 0;
        Errno errno = Fill(surplus, out int surplusCount, out int added);
        ReadOnlySpan<byte> read = _inbox.Span.Slice(Record.Inbox.End - added, added);
        _mayHaveNul = (_mayHaveNul && !wasEmpty) || read.Contains((byte)0);
        _sendsTooMany = surplusCount > 0;
        foreach (FdNumber fd in surplus[..surplusCount])
        {
            LogSurplus(fd);
            _closer.Close(fd, FdBlocking.Unknown);
        }

        _statistics.Raise(Counter.InboxMost, Record.Inbox.Length);
        bool hasNothing = errno is Errno.EAGAIN or Errno.EINTR;
        if (hasNothing && !(IsReaderGone && errno == Errno.EAGAIN))
        {
            return false;
        }

        _mayHaveLine = true;
        _records.Pass(CrashPoint.InboxFilled);
        if (errno != Errno.None || added == 0)
        {
            using RecordWriter<ConnectionRecord> change = Change();
            change.Record.InputEnded = true;
        }

        if (errno != Errno.None && !hasNothing)
        {
            LogUnreadable(errno);
        }

        if (added > 0)
        {
            NoteSending();
        }

        return added > 0;
    }

    private void LogUnreadable(Errno errno)
    {
        if (Record.Kind == ConnectionKind.Config && _log.Wants(LogLevel.Error))
        {
            LineWriter line = _log.Begin(LogLevel.Error);
            line.Text("cannot read the config file "u8);
            line.Text(Record.Source.Value);
            line.Text(": "u8);
            line.Errno(errno);
            _log.End(ref line);
        }
    }

    // Restricted peers must not fill the log.
    private void LogSurplus(FdNumber fd)
    {
        if (Record.Access.IsAll || _log.Wants(LogLevel.Debug))
        {
            LogMessages.NoRoomForFd(_log, fd.Value);
        }
    }

    /// <summary>Finds the next line; it is there until it is taken with <see cref="TakeLine"/>.</summary>
    public LineScanResult FindLine(out int offset, out int length)
    {
        offset = 0;
        length = 0;
        if (Record.IsDiscarding && !TryDiscard())
        {
            _mayHaveLine = false;
            return LineScanResult.Incomplete;
        }

        ReadOnlySpan<byte> waiting = Waiting;
        offset = Record.Inbox.Start;
        length = waiting.IndexOf(LineFeed);
        if ((uint)length < Limits.Line)
        {
            return LineScanResult.Line;
        }

        _mayHaveLine = waiting.Length >= Limits.Line;
        return _mayHaveLine ? LineScanResult.TooLong : LineScanResult.Incomplete;
    }

    /// <summary>Takes a line that was found, with its LF; its bytes stay in place until the next read.</summary>
    public void TakeLine(int offset, int length)
    {
        using RecordWriter<ConnectionRecord> change = Change();
        ref ConnectionRecord record = ref change.Record;
        record.Inbox.Start = Math.Min(offset + length + 1, record.Inbox.End);
        record.Lines += record.IsPostponed ? 0 : 1;
        record.IsPostponed = false;
    }

    /// <summary>
    /// The line that was taken last goes back into the inbox, and no line runs until <see cref="Hold"/> ends that. Then
    /// it runs again.
    /// </summary>
    public void Postpone(int offset)
    {
        _mayHaveLine = true;
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.Inbox.Start = offset;
        change.Record.IsPostponed = true;
        change.Record.IsHeld = true;
    }

    /// <summary>The bytes of a line that was found, taken or not.</summary>
    public ReadOnlySpan<byte> Line(int offset, int length) => _inbox.Span.Slice(offset, length);

    /// <summary>Discards all bytes up to the next LF. Returns whether they belong to a comment.</summary>
    public bool DiscardLine()
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.IsDiscarding = true;
        return Waiting[0] == (byte)'#';
    }

    /// <summary>Its further commands wait for the answer to the one that runs, or go on.</summary>
    public void Hold(bool isHeld)
    {
        _mayHaveLine = true;
        _waitsToGive = false;
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.IsHeld = isHeld;
    }

    /// <summary>The descriptor that <see cref="TryTakeDescriptor"/> would take.</summary>
    public FdNumber NextDescriptor => Record.PassedCount == 0 ? FdNumber.None : Record.Passed[0];

    /// <summary>
    /// The descriptor that waits longest of those that were sent along (SCM_RIGHTS, unix(7)) and not taken yet.
    /// </summary>
    public bool TryTakeDescriptor(out FdNumber descriptor)
    {
        descriptor = FdNumber.None;
        if (Record.PassedCount == 0)
        {
            return false;
        }

        using RecordWriter<ConnectionRecord> change = Change();
        descriptor = change.Record.Passed[0];
        change.Record.Passed[0] = change.Record.Passed[1];
        change.Record.PassedCount--;
        return true;
    }

    // One read into the free tail. Success without data is the end of input. A socket may deliver descriptors; those
    // without room in the record are surplus.
    private Errno Fill(Span<FdNumber> surplus, out int surplusCount, out int added)
    {
        Span<byte> buffer = _inbox.Span;
        if (CanMoveInbox)
        {
            BufferRange extent = Record.Inbox;
            buffer[extent.Start..extent.End].CopyTo(buffer);
            _records.Pass(CrashPoint.InboxMoved);
            SetInbox(new BufferRange { End = extent.Length });
        }

        int before = Record.Inbox.End;
        using RecordWriter<ConnectionRecord> change = Change();
        ref ConnectionRecord record = ref change.Record;
        Span<byte> free = buffer[before..];
        surplusCount = 0;
        Errno errno = record.InputIdentity.Kind == FdKind.Socket
            ? _kernel.Receive(
                record.Input, free, ref record.Inbox.End, record.Passed, ref record.PassedCount, surplus,
                out surplusCount)
            : record.Kind is ConnectionKind.Interactive or ConnectionKind.Config
                ? _kernel.ReadShared(record.Input, record.InputIdentity.Kind, free, ref record.Inbox.End)
                : _kernel.Read(record.Input, free, ref record.Inbox.End);
        added = record.Inbox.End - before;
        return errno;
    }

    // Drops bytes up to and with the next LF; whether there was one.
    private bool TryDiscard()
    {
        BufferRange extent = Record.Inbox;
        int lineFeed = Waiting.IndexOf(LineFeed);
        int start = lineFeed < 0 ? extent.End : extent.Start + lineFeed + 1;
        SetInbox(new BufferRange { Start = start, End = extent.End });
        if (lineFeed < 0)
        {
            return false;
        }

        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.IsDiscarding = false;
        change.Record.Lines++;
        return true;
    }

    private void SetInbox(BufferRange extent)
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.Inbox = extent;
    }
}
