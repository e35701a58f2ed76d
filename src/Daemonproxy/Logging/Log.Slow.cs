using System;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Logging;

/// <summary>
/// The log to a file that may stop answering: one helper at a time writes what waits. Until it has ended, the bytes
/// stay in the buffer, and what is logged meanwhile waits behind them.
/// </summary>
internal sealed partial class Log
{
    // The current write; an earlier one was for a previous destination.
    private long _ticket;

    /// <summary>Sets the writer of such files; once, when the daemon is built.</summary>
    public ISlowFileWriter? SlowFiles { get; set; }

    /// <summary>
    /// Writes what waits, for the last time to this destination, or before the daemon ends. What a helper has is its
    /// own from now on.
    /// </summary>
    public void FlushLast(Instant now)
    {
        Flush(now);
        if (TryLeaveToHelper() && Length > 0)
        {
            Flush(now);
            TryLeaveToHelper();
        }
    }

    /// <summary>A helper has ended.</summary>
    /// <param name="ticket">The number of the write.</param>
    /// <param name="written">The number of bytes that it has written.</param>
    /// <param name="rest">The bytes that it has not written.</param>
    /// <param name="now">The time.</param>
    public void FinishWrite(long ticket, int written, ReadOnlySpan<byte> rest, Instant now)
    {
        if (ticket != _ticket || _record[0].Handed == 0)
        {
            using RecordWriter<LogRecord> change = _record.Change(0);
            change.Record.Lost += rest.Count((byte)'\n');
            return;
        }

        TakeWritten(written);
        _record.Pass(CrashPoint.LogPiece);
        _refusals = rest.IsEmpty ? 0 : _refusals + 1;
        _nextAttempt = _refusals < 2 ? now : After(now);
    }

    private void HandOver(FdNumber fd, Instant now)
    {
        if (_record[0].Handed > 0)
        {
            return;
        }

        if (SlowFiles is null || !SlowFiles.TryWrite(fd, Waiting, _ticket + 1))
        {
            _refusals++;
            _nextAttempt = After(now);
            return;
        }

        _ticket++;
        _nextAttempt = Instant.Never;
        using RecordWriter<LogRecord> change = _record.Change(0);
        change.Record.Handed = change.Record.Waiting.Length;
    }

    private static Instant After(Instant now) => new(now.Nanoseconds + RetryInterval);

    // The bytes of a killed helper may be written twice, rather than not at all.
    private void WriteAgain()
    {
        if (_record[0].Handed > 0)
        {
            using RecordWriter<LogRecord> change = _record.Change(0);
            change.Record.Handed = 0;
        }
    }

    // Removes the bytes of a helper from the buffer. Returns whether it has any.
    private bool TryLeaveToHelper()
    {
        int handed = _record[0].Handed;
        TakeWritten(handed);
        return handed > 0;
    }

    private void TakeWritten(int bytes)
    {
        using RecordWriter<LogRecord> change = _record.Change(0);
        ref LogRecord record = ref change.Record;
        record.Handed = 0;
        record.Waiting.Start += bytes;
        if (record.Waiting.Length == 0)
        {
            record.Waiting = default;
        }
    }
}
