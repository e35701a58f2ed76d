using System;
using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Daemonproxy.Protocol;

/// <summary>
/// The cursor that generated code writes through: bytes appended to a buffer that is known to be large enough, since
/// the spec compiler proved the worst case. Nothing here allocates.
/// </summary>
internal ref struct LineWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;

    /// <summary>The bytes written so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    public readonly int Length => _length;

    // Inlined, so that a constant text becomes a store or two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Text(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_buffer[_length..]);
        _length += text.Length;
    }

    public void Name(scoped Name name) => Text(name.Bytes);

    public void Byte(byte value) => _buffer[_length++] = value;

    public void Integer(long value)
    {
        // One digit is the usual case (exit codes, uptimes just begun).
        if ((ulong)value < 10)
        {
            _buffer[_length++] = (byte)('0' + value);
            return;
        }

        Assertion.Require(Utf8Formatter.TryFormat(value, _buffer[_length..], out int written));
        _length += written;
    }

    /// <summary>Octal, with zeros before it up to this many digits.</summary>
    public void Octal(long value, int digits)
    {
        while (digits < 22 && value >> (3 * digits) != 0)
        {
            digits++;
        }

        for (int digit = digits - 1; digit >= 0; digit--)
        {
            Byte((byte)('0' + ((value >> (3 * digit)) & 7)));
        }
    }

    /// <summary>The whole seconds that the clock showed then.</summary>
    public void Instant(Instant instant) => Integer(instant.WholeSeconds);

    public void Seconds(Seconds seconds) => Integer(seconds.Value);

    public void Pid(Pid pid) => Integer(pid.Value);

    /// <summary>The name, with SIG.</summary>
    public void Signal(Signal signal) => Text(signal.Text);

    /// <summary>The C library's English text.</summary>
    public void Errno(Errno errno) => Text(errno.Text());

    /// <summary>Takes back what was written after a point, for texts that are cut.</summary>
    public void CutTo(int length) => _length = Math.Min(_length, length);
}
