using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Sending;

/// <summary>
/// A client of the control socket: it sends lines of standard input to the daemon and prints its lines to standard
/// output, both at the same time, until the last line is answered. The first mark comes back before a line is sent: so
/// a daemon that has no connection free has run nothing.
/// </summary>
internal sealed class Sender
{
    // A daemon that has a connection free answers at once.
    private const int GreetingMilliseconds = 10_000;

    // A command may wait for a helper, and that one for a file system: three times as long as `limit helper-bound`.
    private const int SilenceMilliseconds = 3 * Limits.HelperBound * 1000;

    // A pipe that is ready takes so much without waiting, pipe(7).
    private const int MostPerWrite = 4096;
    private const int Greeting = 0;

    private readonly ISendingCalls _calls;
    private readonly FdNumber _socket;
    private readonly bool _follows;
    private readonly OutgoingLines _sent;
    private readonly IncomingLines _received;
    private bool _hasInputEnded;
    private bool _isConnectionOver;
    private int _lastMark;
    private int _finalMark;
    private int _overflowsMarked;

    public Sender(ISendingCalls calls, FdNumber socket, bool follows)
    {
        _calls = calls;
        _socket = socket;
        _follows = follows;
        Mark mark = new(calls);
        _sent = new OutgoingLines(mark);
        _received = new IncomingLines(mark);
        _sent.AddMark(Greeting);
    }

    private bool IsGreeted => _received.LastMark >= Greeting;

    // True if all lines are answered, and all earlier output is printed.
    private bool IsAnswered => _finalMark > Greeting && _received.LastMark >= _finalMark;

    /// <summary>Sends and prints; how it ended.</summary>
    public SendingResult Run()
    {
        while (true)
        {
            bool hasEnded = IsAnswered || _isConnectionOver;
            if (hasEnded && _received.Printable.IsEmpty)
            {
                return Result();
            }

            SendingEvents wanted = Wanted(hasEnded);
            SendingEvents found = _calls.Wait(_socket, wanted, MostMilliseconds(hasEnded));
            if (found == SendingEvents.TimedOut)
            {
                return IsGreeted ? SendingResult.Silence : SendingResult.NoAnswer;
            }

            if (Do(found) is var failure and not SendingResult.None)
            {
                return failure;
            }
        }
    }

    // The timeout: none while it waits for input or a reader of the output, otherwise that for the daemon.
    private int MostMilliseconds(bool hasEnded)
    {
        bool isOwed = _sent.Waiting.Length > 0 || _finalMark > Greeting;
        return hasEnded || !_received.Printable.IsEmpty ? -1
            : !IsGreeted ? GreetingMilliseconds
            : isOwed ? SilenceMilliseconds
            : -1;
    }

    private SendingEvents Wanted(bool hasEnded)
    {
        SendingEvents wanted = _received.Printable.IsEmpty ? SendingEvents.None : SendingEvents.Output;
        if (!hasEnded)
        {
            wanted |= !_hasInputEnded && IsGreeted && !_sent.Free.IsEmpty ? SendingEvents.Input : SendingEvents.None;
            wanted |= _received.Free.IsEmpty ? SendingEvents.None : SendingEvents.Answers;
            wanted |= _sent.Waiting.IsEmpty ? SendingEvents.None : SendingEvents.Sending;
        }

        return wanted;
    }

    private SendingResult Do(SendingEvents found)
    {
        if ((found & SendingEvents.Answers) != 0)
        {
            Receive();
        }

        if ((found & SendingEvents.Input) != 0 && !TryRead())
        {
            return SendingResult.BadInput;
        }

        MarkAgain();
        if ((found & SendingEvents.Sending) != 0 || !_sent.Waiting.IsEmpty)
        {
            Send();
        }

        if ((found & SendingEvents.ReaderGone) != 0)
        {
            return SendingResult.ReaderGone;
        }

        return (found & SendingEvents.Output) == 0 || TryPrint() ? SendingResult.None : SendingResult.BadOutput;
    }

    private void Receive()
    {
        Errno errno = _calls.Read(_socket, _received.Free, out int count);
        if (errno is Errno.EAGAIN or Errno.EINTR)
        {
            return;
        }

        // Lines that the daemon had not read when it closed the connection make ECONNRESET of its end.
        if (errno != Errno.None || count == 0)
        {
            _isConnectionOver = true;
            _received.Finish();
            return;
        }

        _received.Add(count, _finalMark > Greeting ? _finalMark : int.MaxValue);
    }

    private bool TryRead()
    {
        Errno errno = _calls.Read(ISendingCalls.StandardInput, _sent.Free, out int count);
        if (errno is Errno.EAGAIN or Errno.EINTR)
        {
            return true;
        }

        // Standard input that is closed is empty.
        if (errno is not (Errno.None or Errno.EBADF))
        {
            return false;
        }

        _sent.Add(count);
        if (count == 0)
        {
            _hasInputEnded = true;
            _sent.Finish();
            if (!_follows)
            {
                AddMark();
                _finalMark = _lastMark;
            }
        }
        else if (_sent.IsLineStart && _sent.HasRoomForMark)
        {
            AddMark();
        }

        return true;
    }

    // An overflow may have taken the last mark with it. If another one comes back in its place, it has.
    private void MarkAgain()
    {
        if (_finalMark > Greeting && _received.Overflows > _overflowsMarked && _sent.HasRoomForMark)
        {
            AddMark();
        }
    }

    private void AddMark()
    {
        _sent.AddMark(++_lastMark);
        _overflowsMarked = _received.Overflows;
    }

    private void Send()
    {
        Errno errno = _calls.Send(_socket, _sent.Waiting, out int count);
        _sent.Sent(count);

        // Earlier lines can still be read, up to the end.
        if (errno is not (Errno.None or Errno.EAGAIN or Errno.EINTR))
        {
            _sent.Clear();
        }
    }

    private bool TryPrint()
    {
        ReadOnlySpan<byte> bytes = _received.Printable;
        Errno errno = _calls.Write(
            ISendingCalls.StandardOutput, bytes[..Math.Min(bytes.Length, MostPerWrite)], out int count);
        _received.Printed(count);
        return errno is Errno.None or Errno.EAGAIN or Errno.EINTR;
    }

    private SendingResult Result() =>
        _received.HasGap ? SendingResult.AnswersLost
        : !IsAnswered && !_sent.EndsConnection ? SendingResult.ConnectionLost
        : _received.HasError ? SendingResult.HasError
        : SendingResult.Success;
}
