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
/// One connected stream of commands and events, from its opening to its end: a slot of the table, made once, used again
/// and again. Only this class changes the record of a connection. Each reason to act is one predicate, which the steps
/// and <see cref="HasWork"/> share, so that the loop never sleeps on work.
/// </summary>
internal sealed partial class Connection
{
    private readonly SystemCalls _kernel;
    private readonly Region<ConnectionRecord> _records;
    private readonly RecordRef<ConnectionRecord> _slot;
    private readonly BufferRegion _inboxes;
    private readonly BufferRegion _outboxes;
    private readonly BufferRef _inbox;
    private readonly BufferRef _outbox;
    private readonly Statistics _statistics;
    private readonly Log _log;
    private readonly HelperTable _helpers;
    private readonly DescriptorCloser _closer;
    private readonly EpollRegistration _inputWatch;
    private readonly EpollRegistration _outputWatch;

    public Connection(
        int index,
        SystemCalls kernel,
        Region<ConnectionRecord> records,
        BufferRegion inboxes,
        BufferRegion outboxes,
        Statistics statistics,
        Log log,
        HelperTable helpers)
    {
        _helpers = helpers;
        _closer = helpers.Closer;
        Index = index;
        _kernel = kernel;
        _records = records;
        _inboxes = inboxes;
        _outboxes = outboxes;
        _slot = records.Slot(index);
        _inbox = new BufferRef(inboxes[index]);
        _outbox = new BufferRef(outboxes[index]);
        _statistics = statistics;
        _log = log;
        _inputWatch = new EpollRegistration(PollTokenKind.ConnectionInput, index);
        _outputWatch = new EpollRegistration(PollTokenKind.ConnectionOutput, index);
    }

    /// <summary>The number of the slot, as the log names the connection.</summary>
    public int Index { get; }

    public ref readonly ConnectionRecord Record => ref _slot.Value;

    public bool IsInUse => Record.Kind != ConnectionKind.None;

    /// <summary>True if the connection has ended, and its outbox is delivered or cannot be.</summary>
    public bool IsOver => Record.IsClosing && (IsOutboxEmpty || !IsListening);

    /// <summary>True if closing the input may wait.</summary>
    public FdBlocking InputBlocking => BlockingOf(Record.InputIdentity);

    /// <summary>True if closing the output may wait.</summary>
    public FdBlocking OutputBlocking => BlockingOf(Record.OutputIdentity);

    // True if there is work that no descriptor reports.
    private bool HasWork =>
        CanRead || CanDump || CanRunLine || HasRest || IsInputOver || IsOver
        || (HasOutput && (IsOutboxEmpty || _outputWatch.IsAlwaysReady));

    /// <summary>
    /// True if there is memory for the buffers of this slot. A connection without an output, such as a config, writes
    /// nothing into its outbox.
    /// </summary>
    public bool TryReserve(bool hasOutput) =>
        _inboxes.TryReserve(Index) && (!hasOutput || _outboxes.TryReserve(Index));

    /// <summary>Makes a connection of a free slot.</summary>
    public void Open(
        ConnectionKind kind, FdNumber input, FdNumber output, bool isOutputShared, AccessPolicyIndex access)
    {
        _isReadable = false;
        _sendsTooMany = false;
        _unreadSince = Instant.None;
        _kernel.Identify(input, out FdIdentity inputIdentity);
        _kernel.Identify(output, out FdIdentity outputIdentity);
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record = new ConnectionRecord
        {
            Kind = kind,
            Generation = change.Record.Generation + 1,
            Input = input,
            Output = output,
            IsOutputShared = isOutputShared,
            InputIdentity = inputIdentity,
            OutputIdentity = outputIdentity,
            BlockedSince = Instant.None,
            ResetSeconds = SlowReaderPolicy.DefaultReset,
            CloseSeconds = SlowReaderPolicy.DefaultClose,
            Access = access,
        };
        _records.Pass(CrashPoint.ControllerChange);
    }

    /// <summary>Notes the service that it was opened for.</summary>
    public void BelongTo(in FixedName service)
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.Service = service;
    }

    /// <summary>
    /// Ends a connection without a peer, although its descriptors may be open elsewhere: the lines of its inbox run,
    /// and no more is read or written.
    /// </summary>
    public void EndBothWays()
    {
        LoseOutput();
        _mayHaveLine = true;
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.InputEnded = true;
        change.Record.IsHung = false;
    }

    /// <summary>No further command of it runs; its outbox is still delivered.</summary>
    public void Close()
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.IsClosing = true;
        change.Record.Dump = DumpStage.None;
    }

    /// <summary>Frees the slot; the caller closes both descriptors and those that no command has taken.</summary>
    public void Free()
    {
        _inputWatch.Stop(_kernel);
        _outputWatch.Stop(_kernel);
        if (HasGiven)
        {
            DropGiven();
        }

        Forget();
    }

    /// <summary>After a resume: the record passed its check. Lines may wait.</summary>
    public void Keep()
    {
        _mayHaveLine = true;
        _isReadable = IsReaderGone;
        CheckGiven();
        CheckHanded();
        NoteUnread();
        if (LosesAnswers && Record.Dump != DumpStage.None)
        {
            // The connection gets no lines, so a dump would never be sent.
            using RecordWriter<ConnectionRecord> change = Change();
            change.Record.Dump = DumpStage.None;
        }
    }

    /// <summary>Other processes share its output: from now on it is written by nonblocking calls.</summary>
    public void ShareOutput()
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.IsOutputShared = true;
    }

    /// <summary>
    /// The path of a config file, the calls on it that may block, and whether it is read only when those before it are.
    /// </summary>
    public void SetSource(ReadOnlySpan<byte> path, FdBlocking blocking, bool isBehind)
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.Source = FixedText.From(path);
        change.Record.SourceBlocking = blocking;
        change.Record.IsBehind = isBehind;
    }

    /// <summary>The config files before this one are read.</summary>
    public void BeginSource()
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.IsBehind = false;
    }

    /// <summary>Clears the record.</summary>
    public void Forget()
    {
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record = new ConnectionRecord { Generation = change.Record.Generation };
    }

    /// <summary>
    /// Tells epoll what the connection waits for, if that has changed. Returns when there is work although no
    /// descriptor becomes ready: now, if there is some already.
    /// </summary>
    public Instant PrepareWait(Instant now)
    {
        UpdateWatches();
        return HasWork
            ? now
            : Instant.Earlier(
                _isCrowded ? Instant.Earlier(SlowReader.Due, now + new Seconds(CrowdedSeconds)) : SlowReader.Due,
                Instant.Earlier(
                    Instant.Earlier(NextHandOver(now), UnreadDue),
                    Instant.Earlier(_inputWatch.RetryAt(now), _outputWatch.RetryAt(now))));
    }

    /// <summary>One of the descriptors is ready.</summary>
    public void OnReady(in ReadyDescriptor ready)
    {
        if (ready.Token.Generation != (Record.Generation & 0xFFFFFF))
        {
            return;
        }

        if (ready.Token.Kind == PollTokenKind.ConnectionInput && (ready.Readable || ready.Broken))
        {
            MarkReadable();
        }

        // A socket tells that by its input, and by the next write.
        if (ready.Token.Kind == PollTokenKind.ConnectionOutput && ready.Broken)
        {
            LoseOutput();
        }
    }

    /// <summary>See <see cref="StateImage.Pass"/>.</summary>
    public void Pass(CrashPoint point) => _records.Pass(point);

    private RecordWriter<ConnectionRecord> Change() => _slot.Change();

    // The streams of a session belong to other processes, and a config file to its file system. Of our own ones, a
    // socket with unread data may hold descriptors in transit, and closing it closes them.
    private FdBlocking BlockingOf(in FdIdentity identity) =>
        identity.Kind == FdKind.Pipe ? FdBlocking.None
        : Record.Kind == ConnectionKind.Config && Record.SourceBlocking == FdBlocking.None ? FdBlocking.None
        : Record.Kind is ConnectionKind.Interactive or ConnectionKind.Config ? FdBlocking.Unknown
        : identity.Kind == FdKind.Socket && !Record.InputEnded ? FdBlocking.Close
        : FdBlocking.None;

    private void UpdateWatches()
    {
        ref readonly ConnectionRecord record = ref Record;
        PollInterest read = WantsInput ? PollInterest.Read : PollInterest.None;
        PollInterest write = IsOutboxEmpty || _isCrowded ? PollInterest.None : PollInterest.Write;
        if (record.Input == record.Output)
        {
            // epoll reports a connection that has ended in both directions again and again, whatever it polls for: its
            // input may wait for the end of a command, without room for more.
            if ((read | write) == PollInterest.None)
            {
                _inputWatch.Stop(_kernel);
            }
            else
            {
                _inputWatch.Set(_kernel, record.Input, record.Generation, read | write);
            }

            return;
        }

        // epoll reports the end of a pipe as long as it is registered: unneeded descriptors are not registered.
        if (WantsInput)
        {
            _inputWatch.Set(_kernel, record.Input, record.Generation, read);
        }
        else
        {
            _inputWatch.Stop(_kernel);
        }

        if (IsListening && !record.IsOutputSlow)
        {
            _outputWatch.Set(_kernel, record.Output, record.Generation, write);
        }
        else
        {
            _outputWatch.Stop(_kernel);
        }
    }
}
