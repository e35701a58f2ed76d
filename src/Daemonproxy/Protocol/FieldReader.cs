using System;

namespace Daemonproxy.Protocol;

/// <summary>Takes the fields of a line one after the other: the bytes between TABs. <c>ab⇥c⇥</c> has three.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> line)
{
    private const byte Tab = (byte)'\t';
    private ReadOnlySpan<byte> _rest = line;
    private bool _ended;

    /// <summary>True if the line has another field, which may be empty.</summary>
    public readonly bool HasNext => !_ended;

    /// <summary>The next field, or false (and an empty one) when there is none.</summary>
    public bool TryNext(out ReadOnlySpan<byte> field)
    {
        if (_ended)
        {
            field = default;
            return false;
        }

        // A line that ends here, as after the name of a command without fields, is not worth a search.
        int tab = _rest.IsEmpty ? -1 : _rest.IndexOf(Tab);
        if (tab < 0)
        {
            field = _rest;
            _rest = default;
            _ended = true;
            return true;
        }

        field = _rest[..tab];
        _rest = _rest[(tab + 1)..];
        return true;
    }

    /// <summary>All that follows, TABs included; empty when nothing does.</summary>
    public ReadOnlySpan<byte> TakeRest()
    {
        ReadOnlySpan<byte> rest = _rest;
        _rest = default;
        _ended = true;
        return rest;
    }

    /// <summary>The number of fields left.</summary>
    public readonly int CountLeft() => _ended ? 0 : _rest.Count(Tab) + 1;
}
