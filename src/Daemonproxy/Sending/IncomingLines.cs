using System;

namespace Daemonproxy.Sending;

/// <summary>
/// The lines on their way from the daemon to standard output. Marks are taken out, errors and overflows are noticed. A
/// line is printed when it is whole; only one that is longer than any of the daemon's is printed in pieces.
/// </summary>
internal sealed class IncomingLines(Mark mark)
{
    private const int Capacity = 32 * 1024;

    private readonly byte[] _buffer = new byte[Capacity];
    private int _start;
    private int _whole;
    private int _end;
    private bool _isInLine;

    /// <summary>True if a command was answered with an error.</summary>
    public bool HasError { get; private set; }

    /// <summary>True if a mark did not come back: answers were lost with it.</summary>
    public bool HasGap { get; private set; }

    /// <summary>The number of the last mark that came back; -1 before the first.</summary>
    public int LastMark { get; private set; } = -1;

    /// <summary>Overflows so far: events were lost, and perhaps answers, too.</summary>
    public int Overflows { get; private set; }

    /// <summary>The printable bytes.</summary>
    public ReadOnlySpan<byte> Printable => _buffer.AsSpan(_start, _whole - _start);

    /// <summary>The free space; empty while there is no room.</summary>
    public Span<byte> Free
    {
        get
        {
            if (_end == Capacity && _start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _whole -= _start;
                _end -= _start;
                _start = 0;
            }

            return _buffer.AsSpan(_end);
        }
    }

    /// <summary>So many bytes were put there. Bytes after a mark of at least this number are not needed.</summary>
    public void Add(int count, int lastNumber)
    {
        _end += count;
        int length = _buffer.AsSpan(_whole, _end - _whole).IndexOf((byte)'\n');
        while (length >= 0)
        {
            TakeLine(length);
            if (LastMark >= lastNumber)
            {
                _end = _whole;
                return;
            }

            length = _buffer.AsSpan(_whole, _end - _whole).IndexOf((byte)'\n');
        }

        if (_whole == 0 && _end == Capacity)
        {
            _whole = _end;
            _isInLine = true;
        }
    }

    /// <summary>Handles the end of the input: an unfinished line is complete.</summary>
    public void Finish() => _whole = _end;

    /// <summary>So many bytes were printed.</summary>
    public void Printed(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = 0;
            _whole = 0;
            _end = 0;
        }
    }

    private void TakeLine(int length)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_whole, length);
        if (!_isInLine && mark.TryRead(line, out int number))
        {
            HasGap |= number != LastMark + 1;
            LastMark = number;
            int behind = _whole + length + 1;
            _buffer.AsSpan(behind, _end - behind).CopyTo(_buffer.AsSpan(_whole));
            _end -= length + 1;
            return;
        }

        HasError |= !_isInLine && line.StartsWith("error\t"u8);
        Overflows += !_isInLine && line.SequenceEqual("overflow"u8) ? 1 : 0;
        _isInLine = false;
        _whole += length + 1;
    }
}
