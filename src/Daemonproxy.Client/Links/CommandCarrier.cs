using System;
using System.Collections.Generic;
using System.Threading;

namespace Daemonproxy.Client;

/// <summary>
/// Carries commands from one connection to the next, in the order in which they were called. Unsent commands are sent
/// on the next connection; commands that may have run are sent again only if the caller allowed it.
/// </summary>
internal sealed class CommandCarrier(int mostWaiting)
{
    private readonly object _gate = new();
    private List<PendingCommand> _waiting = [];
    private long _waitingBytes;
    private DaemonConnection? _connection;
    private ConnectionEnd? _end;

    /// <summary>The connection that commands are sent on; null while there is none.</summary>
    public DaemonConnection? Connection
    {
        get
        {
            lock (_gate)
            {
                return _connection;
            }
        }
    }

    /// <summary>Sends a command, or keeps it for the next connection.</summary>
    public void Begin(PendingCommand command)
    {
        lock (_gate)
        {
            if (_end is not null)
            {
                command.Fail(new ConnectionClosedException(_end, mayHaveRun: false));
            }
            else if (_connection is null)
            {
                Keep(command);
            }
            else
            {
                _connection.Begin(command);
            }
        }
    }

    /// <summary>Blocks the caller's thread until there is room for a command.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void WaitForRoom(CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(
            static gate => Pulse(gate!), _gate);
        DaemonConnection? connection;
        lock (_gate)
        {
            while (_connection is null && _end is null && _waitingBytes >= mostWaiting)
            {
                cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }

            connection = _connection;
        }

        connection?.WaitForRoom(cancellation);
    }

    /// <summary>Sends a command again whose answer will not come, if that is allowed; returns whether it was.</summary>
    /// <param name="command">The command.</param>
    /// <param name="problem">Why there is no answer.</param>
    /// <param name="isRepeated">True if the caller allowed a second run.</param>
    public bool Retry(PendingCommand command, Exception problem, bool isRepeated)
    {
        bool mayHaveRun = problem is not ConnectionClosedException { MayHaveRun: false };
        if (command.EndsConnection || (mayHaveRun && !isRepeated))
        {
            return false;
        }

        lock (_gate)
        {
            if (_end is not null)
            {
                return false;
            }

            if (_connection is not null && problem is AnswerLostException)
            {
                _connection.Begin(command);
            }
            else
            {
                Keep(command);
            }

            return true;
        }
    }

    /// <summary>Sends kept commands, and from now on all others, on this connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="before">The action before that.</param>
    /// <returns>False if the client has ended: then nobody uses the connection.</returns>
    public bool Attach(DaemonConnection connection, Action before)
    {
        lock (_gate)
        {
            if (_end is not null)
            {
                return false;
            }

            before();
            List<PendingCommand> kept = _waiting;
            _waiting = [];
            _waitingBytes = 0;
            _connection = connection;
            foreach (PendingCommand command in kept)
            {
                if (!command.Task.IsCompleted)
                {
                    connection.Begin(command);
                }
            }

            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>Keeps commands from now on.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            _connection = null;
        }
    }

    /// <summary>Handles the end of the client: there is no further connection.</summary>
    /// <returns>The connection until now; null if there was none.</returns>
    public DaemonConnection? End(ConnectionEnd end)
    {
        List<PendingCommand> kept;
        DaemonConnection? last;
        lock (_gate)
        {
            _end = end;
            last = _connection;
            _connection = null;
            kept = _waiting;
            _waiting = [];
            Monitor.PulseAll(_gate);
        }

        // A repeated command may have run before.
        kept.ForEach(command => command.Fail(new ConnectionClosedException(end, mayHaveRun: command.Number > 0)));
        return last;
    }

    private void Keep(PendingCommand command)
    {
        _waiting.Add(command);
        _waitingBytes += command.Line.Length;
    }

    private static void Pulse(object gate)
    {
        lock (gate)
        {
            Monitor.PulseAll(gate);
        }
    }
}
