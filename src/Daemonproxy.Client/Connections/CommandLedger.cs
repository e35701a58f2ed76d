using System;
using System.Collections.Generic;
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
internal sealed class CommandLedger
{
    private readonly Lock _lock = new();
    private readonly Queue<PendingCommand> _pending = new();
    private readonly byte[] _word = Encoding.ASCII.GetBytes(
        $"done {Random.Shared.Next().ToString("x8", CultureInfo.InvariantCulture)} ");
    private long _last;
    private long _doubtful;
    private Exception? _end;

    /// <summary>
    /// Notes a command and passes it on, in one step, so that the order here is that on the wire. After the end there
    /// is nowhere to pass it to, and it has failed already.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="send">What takes the marker's line, without its line feed.</param>
    public bool TryBegin(PendingCommand command, Action<string> send)
    {
        lock (_lock)
        {
            if (_end is not null)
            {
                command.Fail(_end);
                return false;
            }

            command.Number = ++_last;
            _pending.Enqueue(command);
            send(string.Create(CultureInfo.InvariantCulture, $"echo\t{Encoding.ASCII.GetString(_word)}{_last}"));
            return true;
        }
    }

    /// <summary>True if a line is a marker; the command before it is then done.</summary>
    public bool TryFinish(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(_word) || !WireNumber.TryParse(line[_word.Length..], out long number))
        {
            return false;
        }

        while (TryTake(number, out PendingCommand? command))
        {
            if (command.Number == number && (!IsDoubtful(number) || command.CausesOverflow))
            {
                command.Finish();
            }
            else
            {
                command.Lose();
            }
        }

        return true;
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
        lock (_lock)
        {
            return _pending.TryPeek(out PendingCommand? command) && command.Hear(heard, descriptor);
        }
    }

    /// <summary>Nothing can be sent any more; answers may still come.</summary>
    public void Refuse(ConnectionClosedException end)
    {
        lock (_lock)
        {
            _end ??= end;
        }
    }

    /// <summary>No answer will come any more; if the daemon has closed, that may be an answer.</summary>
    public void End(ConnectionClosedException end, bool byDaemon)
    {
        List<PendingCommand> left;
        lock (_lock)
        {
            _end ??= end;
            left = [.. _pending];
            _pending.Clear();
        }

        // Only the oldest can be the cause of the end; those behind it were never run.
        for (int index = 0; index < left.Count; index++)
        {
            if (index == 0 && left[index].EndsConnection && byDaemon)
            {
                left[index].Finish();
            }
            else
            {
                left[index].Fail(end);
            }
        }
    }

    // The marker of the first command that is done after the overflow; those behind it were run when it was over.
    private bool IsDoubtful(long number)
    {
        lock (_lock)
        {
            bool isDoubtful = number <= _doubtful;
            _doubtful = 0;
            return isDoubtful;
        }
    }

    private bool TryTake(long upTo, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PendingCommand? command)
    {
        lock (_lock)
        {
            bool isThere = _pending.TryPeek(out command) && command.Number <= upTo;
            return isThere && _pending.TryDequeue(out command);
        }
    }
}
