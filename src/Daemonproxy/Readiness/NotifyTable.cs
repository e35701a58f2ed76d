using System;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Readiness;

/// <summary>The notify sockets of runs, and the message that was received last. Decides nothing.</summary>
internal sealed class NotifyTable : IRecordTable
{
    private readonly Region<NotifyRecord> _records;
    private readonly Region<NotifyMessageRecord> _message;
    private readonly FreeList _free;

    public NotifyTable(SystemCalls kernel, StateImage image)
    {
        _records = new Region<NotifyRecord>(image, RegionId.NotifySockets);
        _message = new Region<NotifyMessageRecord>(image, RegionId.NotifyMessage);
        _free = new FreeList(kernel, _records.Count);
    }

    public int Capacity => _records.Count;

    /// <summary>All records in use have an index below this.</summary>
    public int HighWater => _free.HighWater;

    public ref readonly NotifyRecord this[int index] => ref _records[index];

    /// <summary>The message that was received last.</summary>
    public ref readonly NotifyMessageRecord Message => ref _message[0];

    public RecordWriter<NotifyRecord> Change(int index) => _records.Change(index);

    public RecordWriter<NotifyMessageRecord> ChangeMessage() => _message.Change(0);

    /// <summary>Takes a record for a socket of a service; -1 when there is no memory.</summary>
    public int TryTake(in NotifyRecord record)
    {
        if (!_free.HasRoom || !_records.TryReserve(_free.Next) || !_message.TryReserve(0))
        {
            return -1;
        }

        int index = _free.Take();
        using RecordWriter<NotifyRecord> change = _records.Change(index);
        change.Record = record;
        return index;
    }

    /// <summary>The record is free again; its socket is closed.</summary>
    public void Free(int index)
    {
        Clear(index);
        _free.Return(index);
    }

    int IRecordTable.Suspect => _records.Suspect;

    bool IRecordTable.IsRebuiltFromEnd => true;

    int IRecordTable.BeginRebuild()
    {
        int highWater = _records.CountWritten();
        while (highWater > 0 && _records[highWater - 1].IsFree)
        {
            Clear(--highWater);
        }

        _free.RaiseTo(highWater);
        if (_message.CountWritten() > 0 && !IsSound(_message[0], highWater))
        {
            using RecordWriter<NotifyMessageRecord> change = _message.Change(0);
            change.Record.Received = 0;
            change.Record.FdCount = 0;
        }

        return highWater;
    }

    bool IRecordTable.IsFree(int index) => _records[index].IsFree;

    FixedName IRecordTable.NameOf(int index) => default;

    void IRecordTable.Keep(int index)
    {
    }

    void IRecordTable.Drop(int index) => Free(index);

    void IRecordTable.EndRebuild()
    {
    }

    /// <summary>Adds the numbers of sockets, and of descriptors that came with the message.</summary>
    public int CollectNumbers(Span<FdNumber> into)
    {
        int count = 0;
        for (int index = 0; index < _free.HighWater; index++)
        {
            if (!_records[index].IsFree && !_records[index].IsOver)
            {
                into[count++] = _records[index].Socket;
            }
        }

        // The message has pages only if there ever was a socket.
        for (int at = 0; _free.HighWater > 0 && at < _message[0].FdCount; at++)
        {
            into[count++] = _message[0].Fds[at];
        }

        return count;
    }

    // A crash between two writes leaves a message without descriptors, or descriptors without a message.
    private static bool IsSound(in NotifyMessageRecord message, int sockets) =>
        message.Received is >= 0 and <= Limits.NotifyMessage + 1 && (uint)message.Socket < (uint)sockets
        && message.FdCount is >= 0 and <= HelperPlan.FdNumbers.Most;

    private void Clear(int index)
    {
        using RecordWriter<NotifyRecord> change = _records.Change(index);
        change.Record = default;
    }
}
