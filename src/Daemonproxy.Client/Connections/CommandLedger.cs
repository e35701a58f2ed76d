using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Client;

/// <summary>
/// The commands in progress. Commands of one connection run in order. After each command a marker is sent, an
/// <c>echo</c> of a unique word. When the marker comes back, the command is done, and the errors and warnings since the
/// previous marker belong to it. An overflow may discard a marker; the next marker shows that. It may also discard the
/// error of the first command whose marker comes after the overflow.
/// </summary>
internal sealed class CommandLedger(LineSender sender)
{
    private const int LongestMarker = 64;

    private readonly Lock _lock = new();
    private readonly Queue<PendingCommand> _pending = new();
    private readonly byte[] _marker = Encoding.ASCII.GetBytes(
        $"echo\tdone {Random.Shared.Next().ToString("x8", CultureInfo.InvariantCulture)} ");

    // The first of them; null if there is none.
    private PendingCommand? _running;
    private long _last;
    private long _doubtful;
    private ConnectionEnd? _end;

    private ReadOnlySpan<byte> Word => _marker.AsSpan("echo\t".Length);

    /// <summary>True if the oldest command is one that ends the connection.</summary>
    public bool IsEndAsked
    {
        get
        {
            lock (_lock)
            {
                return _pending.TryPeek(out PendingCommand? command) && command.EndsConnection;
            }
        }
    }

    /// <summary>
    /// Adds a command and sends it, in one step, so that the order here is that on the wire. After the end of the
    /// connection the command fails.
    /// </summary>
    public void Begin(PendingCommand command)
    {
        bool isAlone = false;
        bool isToStart = false;
        ConnectionEnd? end;
        lock (_lock)
        {
            end = _end;
            if (end is null)
            {
                isAlone = _pending.Count == 0;
                _pending.Enqueue(command);
                _running ??= command;
                command.Number = ++_last;
                Span<byte> marker = stackalloc byte[LongestMarker];
                _marker.CopyTo(marker);
                Utf8Formatter.TryFormat(_last, marker[_marker.Length..], out int digits);
                marker[_marker.Length + digits] = (byte)'\n';
                isToStart = sender.Add(
                    _last, command.Line, marker[..(_marker.Length + digits + 1)], command.Sent);
            }
        }

        if (end is not null)
        {
            command.Fail(new ConnectionClosedException(end, mayHaveRun: false));
        }
        else if (isToStart)
        {
            sender.Start(isAlone);
        }
    }

    /// <summary>Returns whether a line is a marker, and of which command.</summary>
    public bool IsMarker(ReadOnlySpan<byte> line, out long number)
    {
        number = 0;
        return line.StartsWith(Word) && WireNumber.TryParse(line[Word.Length..], out number);
    }

    /// <summary>Handles a marker: the command before it is done.</summary>
    public void Finish(long number)
    {
        while (TryTake(number, out PendingCommand? command, out bool isDone))
        {
            if (isDone)
            {
                command.Finish();
            }
            else
            {
                command.Lose();
            }
        }
    }

    /// <summary>Handles an overflow: answers of commands in progress were discarded.</summary>
    public void NoteOverflow()
    {
        lock (_lock)
        {
            _doubtful = _last;
        }
    }

    /// <summary>Passes an event to the running command; returns true if no one else gets the event.</summary>
    /// <param name="received">The event.</param>
    /// <param name="descriptor">
    /// The descriptor that came with the event; a command that keeps it makes a duplicate.
    /// </param>
    public bool Handle(DaemonEvent received, SafeFileHandle? descriptor = null)
    {
        // Most events are none of its business. Without the lock the command may be an ended one, which takes nothing
        // below, or one that is added at this moment, which has not run yet.
        if (Volatile.Read(ref _running) is not { } running || !running.Takes(received, descriptor))
        {
            return false;
        }

        lock (_lock)
        {
            return _pending.TryPeek(out PendingCommand? command) && command.Handle(received, descriptor);
        }
    }

    /// <summary>Handles a failed write: no more commands are sent; answers may still come.</summary>
    public void Refuse(ConnectionEnd end)
    {
        lock (_lock)
        {
            _end ??= end;
        }
    }

    /// <summary>
    /// Handles the end of the connection: no more answers come. For a command that ends the connection, this is its
    /// answer.
    /// </summary>
    public void End(ConnectionEnd end)
    {
        List<PendingCommand> left;
        lock (_lock)
        {
            _end ??= end;
            left = [.. _pending];
            _pending.Clear();
            _running = null;
        }

        long sentUpTo = sender.Close();
        for (int index = 0; index < left.Count; index++)
        {
            // Only the oldest can be the cause of the end; later commands never ran.
            if (index == 0 && end.Kind == ConnectionEndKind.Asked && left[index].EndsConnection)
            {
                left[index].Finish();
            }
            else
            {
                left[index].Fail(new ConnectionClosedException(end, mayHaveRun: left[index].Number <= sentUpTo));
            }
        }
    }

    // The error of the first command that completes after an overflow may be lost; later commands ran after the
    // overflow.
    private bool TryTake(long upTo, [NotNullWhen(true)] out PendingCommand? command, out bool isDone)
    {
        lock (_lock)
        {
            isDone = false;
            if (!_pending.TryPeek(out command) || command.Number > upTo)
            {
                return false;
            }

            _pending.Dequeue();
            _pending.TryPeek(out _running);
            if (command.Number == upTo)
            {
                isDone = upTo > _doubtful || command.CausesOverflow;
                _doubtful = 0;
            }

            return true;
        }
    }
}
