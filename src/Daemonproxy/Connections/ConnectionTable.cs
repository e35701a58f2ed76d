using System;
using Daemonproxy.Access;
using Daemonproxy.Collections;
using Daemonproxy.Descriptors;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Logging;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>The table of connections. It announces all state changes.</summary>
internal sealed partial class ConnectionTable : IRecordTable, IAccessPolicyUser
{
    private const int KeptForSockets = 2;
    private const int FewestSlotsWithKept = 4;

    private readonly StateImage _image;
    private readonly Statistics _statistics;
    private readonly Log _log;
    private readonly ISessionEnd _sessionEnd;
    private readonly HelperTable _helpers;
    private readonly LaunchThrottle _pace;
    private readonly AccessPolicies _access;
    private readonly Region<ConnectionRecord> _records;
    private readonly Connection[] _connections;
    private readonly FixedArray<byte> _scratch;
    private readonly FixedArray<byte> _peerScratch;
    private int _end;

    public ConnectionTable(
        SystemCalls kernel,
        StateImage image,
        Statistics statistics,
        Log log,
        ISessionEnd sessionEnd,
        HelperTable helpers,
        LaunchThrottle pace,
        AccessPolicies access)
    {
        _image = image;
        _access = access;
        _pace = pace;
        _helpers = helpers;
        _sessionEnd = sessionEnd;
        _statistics = statistics;
        _log = log;
        _records = new Region<ConnectionRecord>(image, RegionId.Connections);
        BufferRegion inboxes = new(image, RegionId.Inboxes);
        BufferRegion outboxes = new(image, RegionId.Outboxes);
        _scratch = new FixedArray<byte>(kernel, LargestAnswer.LongestLine);
        _peerScratch = new FixedArray<byte>(kernel, LargestAnswer.LongestLine);
        _connections = new Connection[_records.Count];
        for (int index = 0; index < _connections.Length; index++)
        {
            _connections[index] = new Connection(
                index, kernel, _records, inboxes, outboxes, statistics, log, helpers);
        }
    }

    /// <summary>The owner of the services that are controllers.</summary>
    public IHungControllerHandler? Controllers { get; set; }

    /// <summary>Every slot, in use or not.</summary>
    public ReadOnlySpan<Connection> All => _connections;

    /// <summary>The slots up to the last one in use: later ones need no visit.</summary>
    public ReadOnlySpan<Connection> Used => _connections.AsSpan(0, _end);

    /// <summary>True if another controller can connect.</summary>
    public bool HasFreeSlot => FreeSlot() is not null;

    /// <summary>
    /// True if a service, or a restricted peer, can get a connection. Two slots are reserved for control sockets that
    /// allow everything, so that an administrator can always connect; with fewer than four slots, none is reserved.
    /// </summary>
    public bool HasSlotForOthers
    {
        get
        {
            int others = 0;
            foreach (Connection connection in Used)
            {
                bool isFree = connection.Record.Kind == ConnectionKind.Socket && connection.Record.Access.IsAll;
                others += connection.IsInUse && !isFree ? 1 : 0;
            }

            int kept = _connections.Length < FewestSlotsWithKept ? 0 : KeptForSockets;
            return HasFreeSlot && others < _connections.Length - kept;
        }
    }

    /// <summary>True if another peer can connect to a control socket with this access.</summary>
    public bool HasSlotFor(AccessPolicyIndex access)
    {
        if (access.IsAll)
        {
            return HasFreeSlot;
        }

        int own = 0;
        foreach (Connection connection in Used)
        {
            own += connection.Record.Kind == ConnectionKind.Socket && connection.Record.Access == access ? 1 : 0;
        }

        return own < _access[access].MostConnections && HasSlotForOthers;
    }

    /// <summary>True if there is a connection besides this one.</summary>
    public bool HasOther(Connection? one)
    {
        foreach (Connection connection in Used)
        {
            if (connection.IsInUse && connection != one)
            {
                return true;
            }
        }

        return false;
    }

    public bool TryReserve() => _records.TryReserve(_records.Count - 1);

    /// <summary>A connection of this kind; null when no slot is free or there is no memory for its buffers.</summary>
    public Connection? TryOpen(
        ConnectionKind kind, FdNumber input, FdNumber output, bool isOutputShared, AccessPolicyIndex access = default)
    {
        Connection? connection = FreeSlot();
        if (connection is null || !connection.TryReserve(hasOutput: !output.IsNone))
        {
            return null;
        }

        connection.Open(kind, input, output, isOutputShared, access);
        CountUsed();
        return connection;
    }

    /// <summary>
    /// A connection that was taken from a control socket, and is noted in the image until it has its record. Closed
    /// when there is no memory for it.
    /// </summary>
    public bool TryOpenAccepted(FdNumber accepted, AccessPolicyIndex access, out int index)
    {
        Connection? connection = TryOpen(ConnectionKind.Socket, accepted, accepted, isOutputShared: false, access);
        _image.Header.Accepted = FdNumber.None;
        index = connection?.Index ?? -1;
        if (connection is null)
        {
            _helpers.Closer.Close(accepted, FdBlocking.Close);
            return false;
        }

        connection.BeginSignalDump();
        connection.MarkReadable();
        return true;
    }

    /// <summary>Frees a connection at once. Both its descriptors are closed, by helpers if closing may wait.</summary>
    public void Drop(Connection connection)
    {
        FdNumber input = connection.Record.Input;
        FdNumber output = connection.Record.Output;
        FdBlocking inputBlocking = connection.InputBlocking;
        FdBlocking outputBlocking = connection.OutputBlocking;
        _helpers.Forget(connection.Index);
        _pace.NoteEnd(connection.Index);
        while (connection.TryTakeDescriptor(out FdNumber fd))
        {
            if (connection.Record.Access.IsAll || _log.Wants(LogLevel.Debug))
            {
                LogMessages.LeftoverFd(_log, fd.Value);
            }

            _helpers.Closer.Close(fd, FdBlocking.Unknown);
        }

        connection.Free();
        if (!input.IsNone)
        {
            _helpers.Closer.Close(input, inputBlocking);
        }

        if (!output.IsNone && output != input)
        {
            _helpers.Closer.Close(output, outputBlocking);
        }

        CountUsed();
    }

    /// <summary>A connection has requested the start of a service.</summary>
    public void NoteStart(Connection connection) => _pace.NoteStart(connection.Index);

    // One config file is read after the other, in the order of their slots.
    private void BeginNextConfig()
    {
        foreach (Connection connection in Used)
        {
            if (connection.Record.Kind == ConnectionKind.Config)
            {
                if (connection.Record.IsBehind)
                {
                    connection.BeginSource();
                }

                return;
            }
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
