using System;
using System.Buffers;

namespace Daemonproxy.Client;

/// <summary>Receives a line, without its line feed.</summary>
internal delegate void LineTaker(ReadOnlySpan<byte> line);

/// <summary>
/// Splits what is read into lines. A line longer than any event of the protocol is left out whole, so that the other
/// side cannot make this grow without a bound.
/// </summary>
internal sealed class LineBuffer(LineTaker take)
{
    private readonly ArrayBufferWriter<byte> _begun = new();
    private bool _isTooLong;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        int end;
        while ((end = bytes.IndexOf((byte)'\n')) >= 0)
        {
            Begin(bytes[..end]);
            if (!_isTooLong)
            {
                take(_begun.WrittenSpan);
            }

            _begun.ResetWrittenCount();
            _isTooLong = false;
            bytes = bytes[(end + 1)..];
        }

        Begin(bytes);
    }

    private void Begin(ReadOnlySpan<byte> bytes)
    {
        _isTooLong |= bytes.Length > ClientSpec.LongestEvent - _begun.WrittenCount;
        if (!_isTooLong)
        {
            _begun.Write(bytes);
        }
    }
}
