using System;

namespace Daemonproxy.Protocol;

/// <summary>A list of the rest of a line: <c>foreach</c> gives its fields, empty ones left out.</summary>
internal readonly ref struct FieldList(ReadOnlySpan<byte> text)
{
    /// <summary>The fields as they came, TABs between them.</summary>
    public ReadOnlySpan<byte> Text { get; } = text;

    public Enumerator GetEnumerator() => new(Text);

    internal ref struct Enumerator(ReadOnlySpan<byte> text)
    {
        private FieldReader _fields = new(text);
        private ReadOnlySpan<byte> _current;

        public readonly ReadOnlySpan<byte> Current => _current;

        public bool MoveNext()
        {
            while (_fields.TryNext(out _current))
            {
                if (!_current.IsEmpty)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
