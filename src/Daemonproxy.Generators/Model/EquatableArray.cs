using System;
using System.Collections;
using System.Collections.Generic;

namespace Daemonproxy.Generators.Model;

/// <summary>
/// An array that is never changed and equals another one with equal elements, which is what the incremental pipeline
/// compares. The default value is empty.
/// </summary>
internal readonly struct EquatableArray<T> : IEquatable<EquatableArray<T>>, IReadOnlyList<T>
    where T : IEquatable<T>
{
    private readonly T[]? _items;

    public EquatableArray(IReadOnlyCollection<T> items)
    {
        _items = new T[items.Count];
        int index = 0;
        foreach (T item in items)
        {
            _items[index++] = item;
        }
    }

    public int Count => _items?.Length ?? 0;

    public T this[int index] => (_items ?? [])[index];

    public bool Contains(T item) => Array.IndexOf(_items ?? [], item) >= 0;

    public bool Equals(EquatableArray<T> other)
    {
        if (Count != other.Count)
        {
            return false;
        }

        for (int index = 0; index < Count; index++)
        {
            if (!this[index].Equals(other[index]))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is EquatableArray<T> other && Equals(other);

    public override int GetHashCode()
    {
        int hash = Count;
        foreach (T item in this)
        {
            hash = unchecked((hash * 31) + item.GetHashCode());
        }

        return hash;
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)(_items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
