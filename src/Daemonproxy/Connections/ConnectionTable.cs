using System;
using Daemonproxy.Collections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>
/// All controllers: who is connected, what is read from and written to them, and who is told what. The audience of all
/// state changes, and where services get connections of their own.
/// </summary>
internal sealed unsafe class ConnectionTable : IAnnouncer, IServiceConnections, IRecordTable<ConnectionRecord>
{
    /// <summary>
    /// Seconds that a controller may be blocked before its events are discarded, and before it is closed.
    /// </summary>
    private const int DefaultReset = 15;
    private const int DefaultClose = 30;
    private readonly SystemCalls _kernel;
    private readonly Statistics _statistics;
    private readonly Log _log;
    private readonly Region<ConnectionRecord> _records;
    private readonly ByteRegion _inboxes;
    private readonly ByteRegion _outboxes;
    private readonly Connection[] _connections;
    private readonly FixedArray<byte> _scratch;
    private int _end;

    public ConnectionTable(SystemCalls kernel, StateImage image, Statistics statistics, Log log)
    {
        _kernel = kernel;
        _statistics = statistics;
        _log = log;
        _records = new Region<ConnectionRecord>(image, RegionId.Connections);
        _inboxes = new ByteRegion(image, RegionId.Inboxes);
        _outboxes = new ByteRegion(image, RegionId.Outboxes);
        _scratch = new FixedArray<byte>(kernel, AnswerLimits.LongestLine);
        _connections = new Connection[_records.Count];
        for (int index = 0; index < _connections.Length; index++)
        {
            _connections[index] = new Connection(index, _records, _inboxes, _outboxes, statistics, log);
        }
    }

    /// <summary>Every slot, in use or not.</summary>
    public ReadOnlySpan<Connection> All => _connections;

    /// <summary>The slots up to the last one in use: those behind it need not be looked at.</summary>
    public ReadOnlySpan<Connection> Used => _connections.AsSpan(0, _end);

    /// <summary>Whether another controller can connect.</summary>
    public bool HasFreeSlot => FreeSlot() is not null;

    public bool TryReserve() => _records.TryReserve(_records.Count - 1);

    /// <summary>A connection of this kind; null when no slot is free or there is no memory for its buffers.</summary>
    public Connection? TryOpen(ConnectionKind kind, FdNumber input, FdNumber output, bool isOutputShared)
    {
        Connection? connection = FreeSlot();
        if (connection is null || !_inboxes.TryReserve(connection.Index) || !_outboxes.TryReserve(connection.Index))
        {
            return null;
        }

        _kernel.Identify(input, out FdIdentity inputIdentity);
        _kernel.Identify(output, out FdIdentity outputIdentity);
        using (RecordWriter<ConnectionRecord> change = connection.Change())
        {
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
                ResetSeconds = DefaultReset,
                CloseSeconds = DefaultClose,
            };
            _records.Pass(CrashPoint.ControllerChange);
        }

        CountUsed();
        return connection;
    }

    /// <summary>Closes a connection at once, with both its descriptors.</summary>
    public void Drop(Connection connection)
    {
        FdNumber input = connection.Record.Input;
        FdNumber output = connection.Record.Output;
        PassedDescriptors.CloseLeftovers(_kernel, _log, connection);
        connection.InputWatch.Stop(_kernel);
        connection.OutputWatch.Stop(_kernel);
        using (RecordWriter<ConnectionRecord> change = connection.Change())
        {
            change.Record = new ConnectionRecord { Generation = change.Record.Generation };
        }

        if (!input.IsNone)
        {
            _kernel.CloseKeepingStandard(input);
        }

        if (!output.IsNone && output != input)
        {
            _kernel.CloseKeepingStandard(output);
        }

        CountUsed();
    }

    public EventLine Begin() => new(_scratch.Span);

    public void Announce(scoped in EventLine line)
    {
        foreach (Connection connection in Used)
        {
            if (connection.IsInUse)
            {
                connection.Send(line.Written);
            }
        }
    }

    public Errno TryOpen(bool socket, bool events, bool commands, out ServiceEnds ends, out int connection)
    {
        ends = ServiceEnds.None;
        connection = -1;
        if (!HasFreeSlot)
        {
            return Errno.EAGAIN;
        }

        FdNumber input = FdNumber.None;
        FdNumber output = FdNumber.None;
        Errno errno = socket
            ? OpenSocket(ref input, ref output, ref ends)
            : OpenPipes(events, commands, ref input, ref output, ref ends);
        if (errno == Errno.None)
        {
            Connection? opened = TryOpen(ConnectionKind.Service, input, output, isOutputShared: false);
            connection = opened?.Index ?? -1;
            errno = opened is null ? Errno.ENOMEM : Errno.None;
        }

        if (errno != Errno.None)
        {
            CloseEnds(ends);
            Close(input);
            Close(output == input ? FdNumber.None : output);
            ends = ServiceEnds.None;
        }

        return errno;
    }

    public void Settle(int connection, ServiceEnds ends)
    {
        CloseEnds(ends);
        StateDump.BeginSignals(_connections[connection]);
    }

    public void Abandon(int connection, ServiceEnds ends)
    {
        CloseEnds(ends);
        Drop(_connections[connection]);
    }

    int IRecordTable<ConnectionRecord>.Suspect => _records.Suspect;

    bool IRecordTable<ConnectionRecord>.IsRebuiltFromEnd => false;

    int IRecordTable<ConnectionRecord>.BeginRebuild() => _connections.Length;

    bool IRecordTable<ConnectionRecord>.IsFree(int index) => !_connections[index].IsInUse;

    FixedName IRecordTable<ConnectionRecord>.NameOf(int index) => default;

    ref readonly ConnectionRecord IRecordTable<ConnectionRecord>.At(int index) => ref _records[index];

    void IRecordTable<ConnectionRecord>.Keep(int index) => _connections[index].MayHaveLine = true;

    void IRecordTable<ConnectionRecord>.Drop(int index)
    {
        using RecordWriter<ConnectionRecord> change = _records.Change(index);
        change.Record = new ConnectionRecord { Generation = change.Record.Generation };
    }

    void IRecordTable<ConnectionRecord>.EndRebuild() => CountUsed();

    /// <summary>The most descriptors that a connection has: its ends, and what was sent along.</summary>
    public const int MostNumbers = 2 + PassedNumbers.Most;

    /// <summary>Adds the numbers of all descriptors of connections, for the closing of all others.</summary>
    public int CollectNumbers(Span<FdNumber> into)
    {
        int count = 0;
        foreach (Connection connection in _connections)
        {
            if (!connection.Record.Input.IsNone && connection.IsInUse)
            {
                into[count++] = connection.Record.Input;
            }

            if (!connection.Record.Output.IsNone && connection.IsInUse)
            {
                into[count++] = connection.Record.Output;
            }

            for (int passed = 0; passed < connection.Record.PassedCount && connection.IsInUse; passed++)
            {
                into[count++] = connection.Record.Passed[passed];
            }
        }

        return count;
    }

    private Errno OpenSocket(ref FdNumber input, ref FdNumber output, ref ServiceEnds ends)
    {
        Errno errno = _kernel.SocketPair(SocketShape.UnixStream, out FdNumber ours, out FdNumber theirs);
        if (errno == Errno.None)
        {
            input = ours;
            output = ours;
            ends = new ServiceEnds(theirs, theirs);
            errno = _kernel.SetNonblocking(ours, true);
        }

        return errno;
    }

    private Errno OpenPipes(
        bool events, bool commands, ref FdNumber input, ref FdNumber output, ref ServiceEnds ends)
    {
        Errno errno = Errno.None;
        if (events)
        {
            errno = _kernel.Pipe(out FdNumber theirs, out output);
            ends = ends with { Events = errno == Errno.None ? theirs : FdNumber.None };
            output = errno == Errno.None ? output : FdNumber.None;
            errno = errno == Errno.None ? _kernel.SetNonblocking(output, true) : errno;
        }

        if (commands && errno == Errno.None)
        {
            errno = _kernel.Pipe(out input, out FdNumber theirs);
            ends = ends with { Commands = errno == Errno.None ? theirs : FdNumber.None };
            input = errno == Errno.None ? input : FdNumber.None;
            errno = errno == Errno.None ? _kernel.SetNonblocking(input, true) : errno;
        }

        return errno;
    }

    private void CloseEnds(ServiceEnds ends)
    {
        Close(ends.Commands);
        Close(ends.Events == ends.Commands ? FdNumber.None : ends.Events);
    }

    private void Close(FdNumber fd)
    {
        if (!fd.IsNone)
        {
            _kernel.Close(fd);
        }
    }

    private Connection? FreeSlot()
    {
        foreach (Connection connection in _connections)
        {
            if (!connection.IsInUse)
            {
                return connection;
            }
        }

        return null;
    }

    private void CountUsed()
    {
        int used = 0;
        _end = 0;
        foreach (Connection connection in _connections)
        {
            if (connection.IsInUse)
            {
                used++;
                _end = connection.Index + 1;
            }
        }

        _statistics.Use(Counter.ControllersUsed, Counter.ControllersMost, used);
    }
}
