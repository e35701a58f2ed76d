namespace KeyValue;

/// <summary>The values by key, and the connections that watch them.</summary>
internal sealed class Store : ICommandLookup
{
    public NameTable<StoredText> Values { get; } = new();

    public List<Session> Watchers { get; } = [];

    public bool HasRoomForKey => Values.Count < Limits.Keys;

    public bool TryFindKey(Name name, out KeyIndex index)
    {
        bool exists = Values.TryFind(name, out int number);
        index = new KeyIndex(number);
        return exists;
    }
}
