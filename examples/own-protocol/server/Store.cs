using System;
using System.Collections.Generic;
using KeyValue.Protocol;

namespace KeyValue;

/// <summary>
/// The values by key, and who watches them. Its users hold its lock. A value that fits in the place of the one before
/// is copied there, so that only a new key and a value that grows allocate.
/// </summary>
internal sealed class Store
{
    private readonly Dictionary<byte[], KeyIndex> _index = new(new ByteComparer());
    private readonly Dictionary<byte[], KeyIndex>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<Entry> _entries = [];
    private readonly Stack<KeyIndex> _free = [];
    private readonly List<Session> _watchers = [];

    public Store() => _lookup = _index.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count => _index.Count;

    public Dictionary<byte[], KeyIndex>.ValueCollection Keys => _index.Values;

    public bool TryFind(Name name, out KeyIndex index)
    {
        bool exists = _lookup.TryGetValue(name.Bytes, out index);
        index = exists ? index : KeyIndex.None;
        return exists;
    }

    public Name NameOf(KeyIndex key) => Name.Trusted(_entries[key.Value].Key);

    public ReadOnlySpan<byte> ValueOf(KeyIndex key) => _entries[key.Value].Value;

    public void Set(KeyTarget target, ReadOnlySpan<byte> value)
    {
        KeyIndex key = target.Exists ? target.Index : Add(target.Name.Bytes.ToArray());
        _entries[key.Value].Value = value;
        foreach (Session watcher in _watchers)
        {
            EventLine line = watcher.Begin();
            Events.Changed(ref line, target.Name, value);
            watcher.End(line);
        }
    }

    public void Remove(KeyIndex key)
    {
        foreach (Session watcher in _watchers)
        {
            EventLine line = watcher.Begin();
            Events.Removed(ref line, NameOf(key));
            watcher.End(line);
        }

        _index.Remove(_entries[key.Value].Key);
        _free.Push(key);
    }

    public void Watch(Session session, bool isWatching)
    {
        lock (this)
        {
            _watchers.Remove(session);
            if (isWatching)
            {
                _watchers.Add(session);
            }
        }
    }

    /// <summary>Sends to the watchers what happened.</summary>
    public void FlushWatchers() => _watchers.ForEach(static watcher => watcher.Flush());

    private KeyIndex Add(byte[] name)
    {
        if (!_free.TryPop(out KeyIndex key))
        {
            key = new KeyIndex(_entries.Count);
            _entries.Add(new Entry());
        }

        _entries[key.Value].Key = name;
        _index.Add(name, key);
        return key;
    }

    private sealed class Entry
    {
        private byte[] _value = [];
        private int _length;

        public byte[] Key { get; set; } = [];

        public ReadOnlySpan<byte> Value
        {
            get => _value.AsSpan(0, _length);
            set
            {
                if (_value.Length < value.Length)
                {
                    _value = new byte[value.Length];
                }

                value.CopyTo(_value);
                _length = value.Length;
            }
        }
    }

    // Finds a key by bytes that are no array of their own.
    private sealed class ByteComparer
        : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? left, byte[]? right) => left.AsSpan().SequenceEqual(right);

        public int GetHashCode(byte[] bytes) => GetHashCode(bytes.AsSpan());

        public bool Equals(ReadOnlySpan<byte> left, byte[] right) => left.SequenceEqual(right);

        public int GetHashCode(ReadOnlySpan<byte> bytes)
        {
            HashCode hash = default;
            hash.AddBytes(bytes);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> bytes) => bytes.ToArray();
    }
}
