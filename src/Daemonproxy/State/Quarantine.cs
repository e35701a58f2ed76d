using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>
/// The records that a resume does not believe: of the first few what they were and why, of the others how many.
/// </summary>
internal sealed class Quarantine
{
    private readonly QuarantineNote[] _notes = new QuarantineNote[Limits.QuarantineLines];

    /// <summary>How many records are not believed.</summary>
    public int Count { get; private set; }

    /// <summary>The first of them.</summary>
    public ReadOnlySpan<QuarantineNote> Notes => _notes.AsSpan(0, Math.Min(Count, _notes.Length));

    /// <summary>A record that has no name.</summary>
    public void Add(RecordKind kind, int index, Corruption flaw) => Add(kind, index, default(FixedName), flaw);

    /// <summary>A record of which it is settled what it is called.</summary>
    public void Add(RecordKind kind, int index, ReadOnlySpan<byte> name, Corruption flaw) =>
        Add(kind, index, FixedName.From(Name.Trusted(name)), flaw);

    /// <summary>A record that says what its name is, before that is cleared.</summary>
    public void Add(RecordKind kind, int index, in FixedName name, Corruption flaw)
    {
        if (Count < _notes.Length)
        {
            bool isReadable = name.IsSound && Name.TryParse(name.Value.Bytes, FixedName.Longest, out _);
            _notes[Count] = new QuarantineNote
            {
                Kind = kind,
                Index = index,
                Name = isReadable ? name : default,
                Corruption = flaw,
            };
        }

        Count++;
    }
}

/// <summary>A record that is not believed.</summary>
internal struct QuarantineNote
{
    public RecordKind Kind;

    /// <summary>Its place in its table.</summary>
    public int Index;

    /// <summary>Empty when it has none, or none that can be read.</summary>
    public FixedName Name;
    public Corruption Corruption;
}
