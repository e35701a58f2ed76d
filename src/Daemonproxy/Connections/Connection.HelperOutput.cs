using System;
using Daemonproxy.Helpers;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>
/// An output file whose writes may block, such as one on NFS: a helper writes the beginning of the outbox.
/// Until it has ended, its bytes stay there, so the connection has a reader that is slow.
/// </summary>
internal sealed partial class Connection
{
    // After a helper could not be started.
    private const int HandOverRetrySeconds = 1;
    private Instant _nextHandOver = Instant.None;

    /// <summary>The output is written by helpers.</summary>
    public void WriteByHelper()
    {
        _helpers.NoteSlow();
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.IsOutputSlow = true;
    }

    /// <summary>A helper has ended that wrote the output.</summary>
    /// <param name="written">The number of bytes that it has written.</param>
    /// <param name="reason">The error that ended the write, or none.</param>
    /// <param name="now">The time.</param>
    public void FinishWrite(int written, Errno reason, Instant now)
    {
        // Those of a connection that has been given up are nobody's.
        if (Record.Handed == 0)
        {
            return;
        }

        using (RecordWriter<ConnectionRecord> change = Change())
        {
            ref ConnectionRecord record = ref change.Record;
            record.Outbox.Start += Math.Min(written, record.Handed);
            record.Handed = 0;
            record.Outbox = record.Outbox.Length == 0 ? default : record.Outbox;
        }

        _mayHaveLine = true;
        _records.Pass(CrashPoint.WritePiece);
        if (reason != Errno.None)
        {
            LoseOutput();
        }
        else
        {
            NoteProgress(IsOutboxEmpty, isMoving: written > 0, now);
        }
    }

    /// <summary>At the end of the daemon: a helper writes all that is left.</summary>
    public void LeaveOutput()
    {
        if (Record.IsOutputSlow && IsListening)
        {
            int start = Record.Outbox.Start + Record.Handed;
            _helpers.LeaveRest(Index, Record.Output, _outbox.Span[start..Record.Outbox.End]);
            ClearOutbox();
        }
    }

    // When what waits can be handed over, if no helper has it.
    private Instant NextHandOver(Instant now) =>
        !Record.IsOutputSlow || Record.Handed > 0 || IsOutboxEmpty || !IsListening ? Instant.Never
        : _nextHandOver.IsNone ? now
        : _nextHandOver;

    // Always EAGAIN: FinishWrite takes the bytes from the outbox. They are marked first, so that a crash in between
    // writes them once.
    private Errno HandOver()
    {
        Instant now = _kernel.Now();
        if (NextHandOver(now) <= now)
        {
            int bytes = Math.Min(Record.Outbox.Length, HelperTable.MostOutput);
            SetHanded(bytes);
            bool isStarted = _helpers.TryWrite(Index, Record.Output, _outbox.Span.Slice(Record.Outbox.Start, bytes));
            _nextHandOver = isStarted ? Instant.None : now + new Seconds(HandOverRetrySeconds);
            if (!isStarted)
            {
                SetHanded(0);
            }
        }

        return Errno.EAGAIN;
    }

    // After a resume: bytes whose helper is not known any more are written again.
    private void CheckHanded()
    {
        if (Record.IsOutputSlow || Record.WaitsForCopy)
        {
            _helpers.NoteSlow();
        }

        if (Record.Handed > 0 && !_helpers.HasWriter(Index))
        {
            SetHanded(0);
        }
    }

    private void SetHanded(int bytes)
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.Handed = bytes;
    }
}
