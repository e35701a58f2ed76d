using System;

namespace Daemonproxy.Client;

/// <summary>Receives lines, each without its line feed.</summary>
internal delegate void LineTaker(ReadOnlySpan<byte> line);

/// <summary>
/// Splits received bytes into lines. A line that is longer than any line of the daemon is skipped as a whole, so that
/// no peer can make the buffer grow.
/// </summary>
internal sealed class LineSplitter(LineTaker take)
{
    /// <summary>The most bytes of a line: the size of the daemon's outbox.</summary>
    public const int Longest = ProtocolLimits.Outbox;

    // Its pages are touched only when a line is split between two reads.
    private readonly byte[] _begun = GC.AllocateUninitializedArray<byte>(Longest);
    private int _length;
    private bool _isTooLong;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        int end;
        while ((end = bytes.IndexOf((byte)'\n')) >= 0)
        {
            Finish(bytes[..end]);
            bytes = bytes[(end + 1)..];
        }

        Begin(bytes);
    }

    private void Finish(ReadOnlySpan<byte> end)
    {
        if (_length == 0 && !_isTooLong && end.Length <= Longest)
        {
            take(end);
            return;
        }

        Begin(end);
        if (!_isTooLong)
        {
            take(_begun.AsSpan(0, _length));
        }

        _length = 0;
        _isTooLong = false;
    }

    private void Begin(ReadOnlySpan<byte> bytes)
    {
        _isTooLong |= bytes.Length > Longest - _length;
        if (!_isTooLong)
        {
            bytes.CopyTo(_begun.AsSpan(_length));
            _length += bytes.Length;
        }
    }
}
