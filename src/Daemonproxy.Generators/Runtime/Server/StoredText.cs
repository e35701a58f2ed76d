using System;

namespace Daemonproxy.Protocol;

/// <summary>
/// A text that is kept. A new one that fits in the place of the one before is copied there, so that only a text that
/// grows allocates.
/// </summary>
internal sealed class StoredText
{
    private byte[] _bytes = [];
    private int _length;

    public ReadOnlySpan<byte> Bytes
    {
        get => _bytes.AsSpan(0, _length);
        set
        {
            if (_bytes.Length < value.Length)
            {
                _bytes = new byte[value.Length];
            }

            value.CopyTo(_bytes);
            _length = value.Length;
        }
    }
}
