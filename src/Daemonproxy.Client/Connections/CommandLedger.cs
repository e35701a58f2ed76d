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
/// Which commands are under way. Commands of one connection run in order, and behind each a marker is sent, an
/// <c>echo</c> of a word that nobody else uses: when it comes back the command is done, and the errors and warnings
/// told since the marker before are its own. A marker that never comes was lost with what else an overflow discarded;
/// the next one tells. So may be the error of a command whose own marker comes: the first one after an overflow.
/// </summary>
internal sealed class CommandLedger(LineSender sender)
{
    private const int LongestMarker = 64;

    private readonly Lock _lock = new();
    private readonly Queue<PendingCommand> _pending = new();
    private readonly byte[] _marker = Encoding.ASCII.GetBytes(
        $"echo\tdone {Random.Shared.Next().ToString("x8", CultureInfo.InvariantCulture)} ");

    private long _last;
    private long _doubtful;
    private ConnectionEnd? _end;

    private ReadOnlySpan<byte> Word => _marker.AsSpan("echo\t".Length);

    /// <summary>True if the oldest command asks for the end of the connection.</summary>
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
    /// Notes a command and sends it, in one step, so that the order here is that on the wire. After the end there is
    /// nowhere to send it to, and it fails.
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

    /// <summary>Whether a line is a marker, and whose.</summary>
    public bool IsMarker(ReadOnlySpan<byte> line, out long number)
    {
        number = 0;
        return line.StartsWith(Word) && WireNumber.TryParse(line[Word.Length..], out number);
    }

    /// <summary>A marker came back; the command before it is done.</summary>
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

    /// <summary>Answers were discarded, of commands that are already under way.</summary>
    public void NoteOverflow()
    {
        lock (_lock)
        {
            _doubtful = _last;
        }
    }

    /// <summary>Lets the command that is being run hear an event; whether it was only for that.</summary>
    /// <param name="heard">The event.</param>
    /// <param name="descriptor">The descriptor that came along; a command that keeps it makes a duplicate.</param>
    public bool Hear(DaemonEvent heard, SafeFileHandle? descriptor = null)
    {
        // Only the thread that calls this takes commands out; one that is added at this moment was not run yet.
        if (_pending.Count == 0)
        {
            return false;
        }

        lock (_lock)
        {
            return _pending.TryPeek(out PendingCommand? command) && command.Hear(heard, descriptor);
        }
    }

    /// <summary>Nothing can be sent any more; answers may still come.</summary>
    public void Refuse(ConnectionEnd end)
    {
        lock (_lock)
        {
            _end ??= end;
        }
    }

    /// <summary>No answer will come any more; if a command asked for the end, that is its answer.</summary>
    public void End(ConnectionEnd end)
    {
        List<PendingCommand> left;
        lock (_lock)
        {
            _end ??= end;
            left = [.. _pending];
            _pending.Clear();
        }

        long sentUpTo = sender.Close();
        for (int index = 0; index < left.Count; index++)
        {
            // Only the oldest can be the cause of the end; those behind it were never run.
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

    // The marker of the first command that is done after an overflow may hide its error; those behind it were run when
    // the overflow was over.
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
            if (command.Number == upTo)
            {
                isDone = upTo > _doubtful || command.CausesOverflow;
                _doubtful = 0;
            }

            return true;
        }
    }
}
