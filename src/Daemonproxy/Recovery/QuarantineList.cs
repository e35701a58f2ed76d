using System;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>
/// The records that failed their check: the first few of them with the reason, and the number of all.
/// </summary>
internal sealed class QuarantineList
{
    private readonly QuarantineNote[] _notes = new QuarantineNote[Limits.QuarantineLines];

    /// <summary>The number of records that failed.</summary>
    public int Count { get; private set; }

    /// <summary>The first of them.</summary>
    public ReadOnlySpan<QuarantineNote> Notes => _notes.AsSpan(0, Math.Min(Count, _notes.Length));

    /// <summary>A record that has no name.</summary>
    public void Add(RecordKind kind, int index, QuarantineReason reason) =>
        Add(kind, index, default(FixedName), reason);

    /// <summary>A record with a fixed name.</summary>
    public void Add(RecordKind kind, int index, ReadOnlySpan<byte> name, QuarantineReason reason) =>
        Add(kind, index, FixedName.From(Name.Trusted(name)), reason);

    /// <summary>A record that holds its name, before it is cleared.</summary>
    public void Add(RecordKind kind, int index, in FixedName name, QuarantineReason reason)
    {
        if (Count < _notes.Length)
        {
            bool isReadable = name.IsSound && Name.TryParse(name.Value.Bytes, FixedName.Longest, out _);
            _notes[Count] = new QuarantineNote
            {
                Kind = kind,
                Index = index,
                Name = isReadable ? name : default,
                QuarantineReason = reason,
            };
        }

        Count++;
    }
}

/// <summary>A record that failed its check.</summary>
internal struct QuarantineNote
{
    public RecordKind Kind;

    /// <summary>Its place in its table.</summary>
    public int Index;

    /// <summary>Empty when it has none, or none that can be read.</summary>
    public FixedName Name;
    public QuarantineReason QuarantineReason;
}
