using System;
using System.Collections.Generic;

namespace Daemonproxy.Protocol;

/// <summary>
/// The values of a server by name, for one <c>type</c> of the spec. A name has a number as long as it is in the table,
/// and is found by bytes in the buffer of a line, without an allocation. The numbers of removed names are used again.
/// </summary>
internal sealed class NameTable<T>
    where T : new()
{
    private readonly List<Entry> _entries = [];
    private readonly Stack<int> _free = [];
    private int[] _buckets = [];

    /// <summary>The number of names.</summary>
    public int Count => _entries.Count - _free.Count;

    /// <summary>The value of a name with this number; the one that it was added with until it is changed.</summary>
    public T this[int number] => _entries[number].Value;

    public Name NameOf(int number) => Name.Trusted(_entries[number].Name);

    /// <summary>The number of a name; false, and -1, if it is not in the table.</summary>
    public bool TryFind(Name name, out int number)
    {
        int hash = HashOf(name);
        number = _buckets.Length == 0 ? -1 : _buckets[hash & (_buckets.Length - 1)] - 1;
        while (number >= 0 && !(_entries[number].Hash == hash && name.Bytes.SequenceEqual(_entries[number].Name)))
        {
            number = _entries[number].Next;
        }

        return number >= 0;
    }

    /// <summary>Adds a name that is not in the table, with a new value; its number.</summary>
    public int Add(Name name)
    {
        if (!_free.TryPop(out int number))
        {
            number = _entries.Count;
            _entries.Add(new Entry());
        }

        Entry entry = _entries[number];
        entry.Name = name.Bytes.ToArray();
        entry.Hash = HashOf(name);
        entry.Value = new T();
        if (_entries.Count > _buckets.Length)
        {
            Grow();
        }
        else
        {
            Link(number);
        }

        return number;
    }

    public void Remove(int number)
    {
        Entry removed = _entries[number];
        ref int link = ref _buckets[removed.Hash & (_buckets.Length - 1)];
        if (link - 1 == number)
        {
            link = removed.Next + 1;
        }
        else
        {
            Entry before = _entries[link - 1];
            while (before.Next != number)
            {
                before = _entries[before.Next];
            }

            before.Next = removed.Next;
        }

        removed.Name = [];
        removed.Value = new T();
        _free.Push(number);
    }

    /// <summary>The numbers of all names, in no order.</summary>
    public Enumerator GetEnumerator() => new(this);

    private static int HashOf(Name name)
    {
        HashCode hash = default;
        hash.AddBytes(name.Bytes);
        return hash.ToHashCode();
    }

    // There are as many buckets as there may be names, a power of two.
    private void Grow()
    {
        _buckets = new int[Math.Max(16, 2 * _buckets.Length)];
        foreach (int number in this)
        {
            Link(number);
        }
    }

    private void Link(int number)
    {
        ref int bucket = ref _buckets[_entries[number].Hash & (_buckets.Length - 1)];
        _entries[number].Next = bucket - 1;
        bucket = number + 1;
    }

    private sealed class Entry
    {
        public byte[] Name { get; set; } = [];

        public int Hash { get; set; }

        // The number of the next entry with the same bucket; -1 if this is the last.
        public int Next { get; set; }

        public T Value { get; set; } = new();
    }
    public struct Enumerator(NameTable<T> table)
    {
        public int Current { get; private set; } = -1;

        public bool MoveNext()
        {
            do
            {
                Current++;
            }
            while (Current < table._entries.Count && table._entries[Current].Name.Length == 0);
            return Current < table._entries.Count;
        }
    }
}
