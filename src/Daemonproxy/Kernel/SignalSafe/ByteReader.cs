// Runs in a cloned child: the conditions in SignalSafeCalls.cs hold for all of this file, and it calls nothing but
// RawCalls.
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>Reads a file byte by byte, through a buffer.</summary>
internal unsafe struct ByteReader
{
    /// <summary>The end of the file, or an error: see <see cref="Reason"/>.</summary>
    public const int End = -1;

    private int _fd;
    private byte* _buffer;
    private int _size;
    private int _at;
    private int _length;

    /// <summary>The error that ended the file; none at its real end.</summary>
    public Errno Reason;

    /// <summary>Opens a file; <see cref="Reason"/> says why it cannot be opened.</summary>
    public void Open(byte* path, byte* buffer, int size)
    {
        _buffer = buffer;
        _size = size;
        _at = 0;
        _length = 0;
        _fd = RawCalls.OpenToRead(path);
        Reason = _fd < 0 ? (Errno)(-_fd) : Errno.None;
    }

    /// <summary>The next byte, or <see cref="End"/>.</summary>
    public int Next()
    {
        if (_at == _length)
        {
            if (Reason != Errno.None)
            {
                return End;
            }

            nint count = RawCalls.Read(_fd, _buffer, _size);
            Reason = count < 0 ? (Errno)(-count) : Errno.None;
            if (count <= 0)
            {
                return End;
            }

            _length = (int)count;
            _at = 0;
        }

        return _buffer[_at++];
    }

    /// <summary>
    /// Reads a line into a buffer, which ends in NUL then: its length, or <see cref="End"/>. A line without room is
    /// read to its end, and is empty.
    /// </summary>
    public int ReadLine(byte* line, int size)
    {
        int length = 0;
        int next = Next();
        bool isThere = next != End;
        for (; next != End && next != '\n'; next = Next())
        {
            if (length < size)
            {
                line[length++] = (byte)next;
            }
        }

        length = length < size ? length : 0;
        line[length] = 0;
        return isThere ? length : End;
    }

    /// <summary>
    /// Reads a field that ends in a colon, or with its line, into a buffer, which ends in NUL then; a field without
    /// room is empty. The byte that ended it, or <see cref="End"/>.
    /// </summary>
    public int ReadField(byte* field, int size)
    {
        int length = 0;
        int next = Next();
        for (; next != End && next != '\n' && next != ':'; next = Next())
        {
            if (length < size)
            {
                field[length++] = (byte)next;
            }
        }

        field[length < size ? length : 0] = 0;
        return next;
    }

    public void Close()
    {
        if (_fd >= 0)
        {
            RawCalls.Close(_fd);
        }
    }
}
