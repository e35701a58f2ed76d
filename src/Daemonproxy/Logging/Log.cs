using System;
using Daemonproxy.Fds;
using Daemonproxy.Image;
using Daemonproxy.Kernels;
using Daemonproxy.Protocol;
using Daemonproxy.Time;

namespace Daemonproxy.Logging;

/// <summary>
/// What the daemon tells people: lines <c>LEVEL: TEXT</c> to a named descriptor. It never blocks the daemon and never
/// changes the descriptor, which is shared with others: bytes wait in a small buffer until poll(2) says that a write
/// would be taken, and what does not fit is counted. Messages that are filtered cost a comparison.
/// </summary>
internal sealed class Log
{
    // A message can quote a whole line; it is cut to the buffer afterwards.
    private const int ScratchBytes = Limits.Line + 256;

    // The least that a pipe takes whole or not at all (PIPE_BUF on Linux).
    private const int MostPerWrite = 4096;

    // After a refusal, a try at once and one in the next turn, attempts come so far apart, in nanoseconds.
    private const long RetryInterval = 500_000_000;

    private readonly Kernel _kernel;
    private readonly Region<LogRecord> _record;
    private readonly Statistics _statistics;
    private readonly FixedArray<byte> _scratch;
    private FdTable? _fds;
    private int _refusals;
    private FdNumber _refusedBy = FdNumber.None;
    private Instant _nextAttempt;

    public Log(Kernel kernel, StateImage image, Statistics statistics)
    {
        _kernel = kernel;
        _statistics = statistics;
        _record = new Region<LogRecord>(image, RegionId.Log);
        _scratch = new FixedArray<byte>(kernel, ScratchBytes);
    }

    /// <summary>Messages above this level are logged.</summary>
    public LogLevel Filter => _record[0].Filter;

    /// <summary>When to try again to write; never when there is nothing to write.</summary>
    public Instant NextDeadline => _record[0].Length > 0 || _record[0].Lost > 0 ? _nextAttempt : Instant.Never;

    // Whether the present destination has refused what waits; a new one is tried at once.
    private bool IsRefused => _refusals > 0 && Destination() == _refusedBy;

    public bool TryReserve() => _record.TryReserve(0);

    /// <summary>From here on the destination is looked up by name.</summary>
    public void Connect(FdTable fds) => _fds = fds;

    public void SetFilter(LogLevel filter)
    {
        using Change<LogRecord> change = _record.Change(0);
        change.Record.Filter = filter;
    }

    /// <summary>Writes to the descriptor of this name from now on, whenever there is one.</summary>
    public void SetDestination(Name name)
    {
        using Change<LogRecord> change = _record.Change(0);
        change.Record.Destination = FixedName.From(name);
    }

    /// <summary>Whether a message of this level would be logged.</summary>
    public bool Wants(LogLevel level) => level > _record[0].Filter;

    /// <summary>A message to be written and given to <see cref="End"/>. Only after <see cref="Wants"/>.</summary>
    public EventLine Begin(LogLevel level)
    {
        EventLine line = new(_scratch.Span);
        line.Text(level.Text());
        line.Text(": "u8);
        return line;
    }

    public void End(scoped ref EventLine line)
    {
        if (line.Length >= Limits.LogBuffer)
        {
            line.CutTo(Limits.LogBuffer - 4);
            line.Text("..."u8);
        }

        line.Byte((byte)'\n');
        Append(line.Written);
    }

    /// <summary>A message that is one text.</summary>
    public void Say(LogLevel level, ReadOnlySpan<byte> text)
    {
        if (Wants(level))
        {
            EventLine line = Begin(level);
            line.Text(text);
            End(ref line);
        }
    }

    /// <summary>Writes what waits, if it is time and the destination takes it. Never blocks.</summary>
    public void Flush(Instant now)
    {
        if (_record[0].Lost > 0)
        {
            AnnounceLost();
        }

        if (_record[0].Length > 0 && (_refusals < 2 || now >= _nextAttempt || !IsRefused))
        {
            TryWrite(now);
        }

        // Now, as there is room: the next turn may be far away.
        if (_record[0].Lost > 0 && _record[0].Length == 0)
        {
            AnnounceLost();
            TryWrite(now);
        }
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        if (_record[0].Length + text.Length > Limits.LogBuffer && !IsRefused)
        {
            TryWrite(_kernel.Now());
        }

        using Change<LogRecord> change = _record.Change(0);
        ref LogRecord record = ref change.Record;
        if (record.Lost > 0 || record.Length + text.Length > Limits.LogBuffer)
        {
            record.Lost++;
            return;
        }

        text.CopyTo(((Span<byte>)record.Bytes)[record.Length..]);
        record.Length += text.Length;
    }

    private void AnnounceLost()
    {
        Span<byte> text = stackalloc byte[64];
        EventLine line = new(text);
        line.Text("warning: lost "u8);
        line.Integer(_record[0].Lost);
        line.Text(" log messages\n"u8);
        using Change<LogRecord> change = _record.Change(0);
        ref LogRecord record = ref change.Record;
        if (record.Length + line.Length <= Limits.LogBuffer)
        {
            line.Written.CopyTo(((Span<byte>)record.Bytes)[record.Length..]);
            record.Length += line.Length;
            record.Lost = 0;
        }
    }

    private void TryWrite(Instant now)
    {
        FdNumber fd = Destination();
        if (fd.IsNone)
        {
            // What refused is gone: whatever gets its name is tried at once.
            _refusals = 0;
            _nextAttempt = Instant.Never;
            return;
        }

        _refusals = fd == _refusedBy ? _refusals : 0;
        _refusedBy = fd;
        _statistics.Raise(Counter.LogMost, _record[0].Length);

        // What refuses for the first time is asked again at once, if poll(2) says that it would take something.
        int left = _refusals == 0 ? 2 : 1;
        while (_record[0].Length > 0 && left > 0 && _kernel.IsWritable(fd))
        {
            left -= WriteOnce(fd) == Errno.None ? 0 : 1;
        }

        bool written = _record[0].Length == 0;
        _refusals = written ? 0 : _refusals + 1;
        _nextAttempt = written ? Instant.Never
            : _refusals < 2 ? now
            : new Instant(now.Nanoseconds + RetryInterval);
    }

    private Errno WriteOnce(FdNumber fd)
    {
        using Change<LogRecord> change = _record.Change(0);
        ref LogRecord record = ref change.Record;
        Span<byte> waiting = ((Span<byte>)record.Bytes)[..record.Length];
        int sent = 0;
        Errno errno = _kernel.Write(fd, waiting[..Math.Min(waiting.Length, MostPerWrite)], ref sent);
        waiting[sent..].CopyTo(waiting);
        record.Length -= sent;
        return errno;
    }

    private FdNumber Destination()
    {
        if (_fds is null)
        {
            return new FdNumber(2);
        }

        bool found = _fds.TryFind(_record[0].Destination.Value, out FdIndex index);
        return found ? _fds[index].Number : FdNumber.None;
    }
}
