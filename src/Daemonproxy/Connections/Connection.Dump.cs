using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>The progress of a statedump: an object, by name, and the next of its lines.</summary>
internal sealed partial class Connection
{
    // A dump continues while at most this many bytes wait: the other half is for events meanwhile.
    public const int DumpMark = Limits.Outbox / 2;

    /// <summary>True if a dump goes on: there is room for its next line, and for events meanwhile.</summary>
    public bool CanDump
    {
        get
        {
            ref readonly ConnectionRecord record = ref Record;
            return record.Dump != DumpStage.None && record.Outbox.Length <= DumpMark
                && (HasLineRoom || record.Outbox.Start >= record.Outbox.Length);
        }
    }

    // Returns true if the longest line fits after the waiting bytes. If not, these have to be moved: see HasRoom.
    private bool HasLineRoom => Record.Outbox.End <= _outbox.Length - Limits.LongestEvent;

    /// <summary>Begins a dump; what the controller asks next waits for its end.</summary>
    public void BeginDump() => BeginDump(Record.Access.IsAll ? DumpStage.Sockets : DumpStage.Fds);

    /// <summary>
    /// Begins a dump of the pending signals only, for a new connection; a peer without signal events gets none.
    /// </summary>
    public void BeginSignalDump() => BeginDump(Record.Access.IsAll ? DumpStage.Signals : DumpStage.None);

    /// <summary>A line of the dump, to be written in place. Only while <see cref="CanDump"/>.</summary>
    public LineWriter BeginDumpLine()
    {
        Assertion.Require(HasLineRoom || TryMakeRoom(Limits.LongestEvent, out _));
        return new LineWriter(_outbox.Span[Record.Outbox.End..]);
    }

    /// <summary>
    /// Sends that line: this one, from 0, of the lines of an object of a table; the next one is 0 when there is none.
    /// </summary>
    public void EndDumpLine(scoped in LineWriter line, in FixedName name, int index, int row, int next)
    {
        _records.Pass(CrashPoint.OutboxWritten);
        using (RecordWriter<ConnectionRecord> change = Change())
        {
            ref ConnectionRecord record = ref change.Record;
            record.Outbox.End += line.Length;
            if (row == 0)
            {
                record.DumpCursor = name;
                record.DumpIndex = index;
            }

            record.DumpLine = next;
        }

        LogEvent(line.Written);
    }

    /// <summary>Goes on with another line of the object; 0 when there is none.</summary>
    public void SkipDumpLine(int next)
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.DumpLine = next;
    }

    /// <summary>Sends that line, the one of a signal.</summary>
    public void EndDumpLine(scoped in LineWriter line, int signal, Instant lastArrival)
    {
        _records.Pass(CrashPoint.OutboxWritten);
        using (RecordWriter<ConnectionRecord> change = Change())
        {
            ref ConnectionRecord record = ref change.Record;
            record.Outbox.End += line.Length;
            record.DumpSignal = signal;
            record.DumpSignalTime = lastArrival;
        }

        LogEvent(line.Written);
    }

    /// <summary>Counts lines that were sent, once for all of an object.</summary>
    public void CountEvents(int count) => _statistics.Add(Counter.Events, count);

    /// <summary>All objects of this stage are restated.</summary>
    public void EndDumpStage()
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.DumpCursor = default;
        change.Record.DumpLine = 0;
        change.Record.Dump = change.Record.Dump switch
        {
            DumpStage.Sockets => DumpStage.Fds,
            DumpStage.Fds => DumpStage.Services,
            DumpStage.Services when change.Record.Access.IsAll => DumpStage.Signals,
            _ => DumpStage.None,
        };
    }

    /// <summary>
    /// An object is about to be deleted. If the dump is among its lines, the others are skipped, unless an object of
    /// the same name comes before the dump goes on: that one is restated from its first line.
    /// </summary>
    public void ForgetInDump(EventSubject subject)
    {
        ref readonly ConnectionRecord record = ref Record;
        DumpStage stage = subject.Kind == SubjectKind.Service ? DumpStage.Services : DumpStage.Fds;
        if (record.DumpLine > 0 && record.Dump == stage && record.DumpIndex == subject.Index)
        {
            using RecordWriter<ConnectionRecord> change = Change();
            change.Record.DumpLine = ConnectionRecord.DumpAnew;
        }
    }

    private void BeginDump(DumpStage stage)
    {
        using RecordWriter<ConnectionRecord> change = Change();
        // If answers are being lost, the next commands must not wait for a dump.
        change.Record.Dump = LosesAnswers ? DumpStage.None : stage;
        change.Record.DumpCursor = default;
        change.Record.DumpIndex = 0;
        change.Record.DumpLine = 0;
        change.Record.DumpSignal = 0;
        change.Record.DumpSignalTime = Instant.None;
    }
}
