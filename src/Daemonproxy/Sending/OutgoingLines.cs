using System;

namespace Daemonproxy.Sending;

/// <summary>
/// The lines on their way from standard input to the daemon, byte for byte, and the marks between them. A line may be
/// longer than the buffer: only its first word is looked at.
/// </summary>
internal sealed class OutgoingLines(Mark mark)
{
    private const int Capacity = 16 * 1024;

    // For the line feed that the last line may lack, and for marks.
    private const int Reserved = 4 * Mark.MostCommandBytes;

    // A longer word is not looked for.
    private const int MostWordBytes = 16;

    private readonly byte[] _buffer = new byte[Capacity];
    private readonly byte[] _word = new byte[MostWordBytes];
    private int _start;
    private int _end;
    private int _wordBytes;
    private bool _isBehindWord;
    private bool _isInLine;
    private bool _endsConnection;
    private long _sent;
    private long _endsAt = long.MaxValue;

    /// <summary>Bytes that are still to be sent.</summary>
    public ReadOnlySpan<byte> Waiting => _buffer.AsSpan(_start, _end - _start);

    /// <summary>True if the daemon has all of a line that ends the connection, if it is obeyed.</summary>
    public bool EndsConnection => _sent >= _endsAt;

    /// <summary>The free space for standard input; empty while there is no room.</summary>
    public Span<byte> Free
    {
        get
        {
            Compact();
            return _buffer.AsSpan(_end, Math.Max(0, Capacity - Reserved - _end));
        }
    }

    /// <summary>True if all lines that were put there are whole.</summary>
    public bool IsLineStart => !_isInLine;

    /// <summary>True if there is room for a mark.</summary>
    public bool HasRoomForMark => Capacity - (_end - _start) > Mark.MostCommandBytes;

    /// <summary>So many bytes were put there.</summary>
    public void Add(int count)
    {
        foreach (byte value in _buffer.AsSpan(_end, count))
        {
            _end++;
            Look(value);
        }
    }

    /// <summary>Standard input has ended: the last line may lack its line feed.</summary>
    public void Finish()
    {
        Compact();
        if (_isInLine)
        {
            _buffer[_end] = (byte)'\n';
            Add(1);
        }
    }

    /// <summary>Asks for the mark of this number; only if there is room.</summary>
    public void AddMark(int number)
    {
        Compact();
        _end += mark.Write(_buffer.AsSpan(_end), number);
    }

    /// <summary>So many bytes were sent.</summary>
    public void Sent(int count)
    {
        _start += count;
        _sent += count;
    }

    /// <summary>The connection accepts no more lines.</summary>
    public void Clear() => _start = _end;

    private void Look(byte value)
    {
        _isInLine = value != '\n';
        if (value is (byte)'\t' or (byte)'\n' && !_isBehindWord)
        {
            ReadOnlySpan<byte> word = _word.AsSpan(0, _wordBytes);
            _endsConnection = word.SequenceEqual("exit"u8) || word.SequenceEqual("terminate"u8)
                || word.SequenceEqual("reexec"u8);
            _isBehindWord = true;
        }

        if (value == '\n')
        {
            _endsAt = _endsConnection ? Math.Min(_endsAt, _sent + (_end - _start)) : _endsAt;
            _endsConnection = false;
            _isBehindWord = false;
            _wordBytes = 0;
        }
        else if (!_isBehindWord)
        {
            _isBehindWord = _wordBytes == MostWordBytes;
            _word[Math.Min(_wordBytes, MostWordBytes - 1)] = value;
            _wordBytes = Math.Min(_wordBytes + 1, MostWordBytes);
        }
    }

    private void Compact()
    {
        if (_start > 0)
        {
            Waiting.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
    }
}
