using System;
using System.Numerics;
using Daemonproxy.Kernels;
using Daemonproxy.Protocol;

namespace Daemonproxy.Image;

/// <summary>
/// Finds records by name, and gives them in name order: a crit-bit tree over the names in the records themselves. A
/// lookup looks at as many bits as tell the names apart and compares once; no balancing, no hash, no growth.
/// Byte order, a prefix before its extensions: names are compared as 31 bytes, filled up with zeros.
/// </summary>
internal sealed unsafe class NameTree
{
    private const int Empty = int.MinValue;
    private readonly byte* _names;
    private readonly int _stride;
    private readonly FixedArray<Node> _nodes;
    private readonly IndexStack _free;
    private int _root = Empty;

    /// <summary>
    /// <paramref name="names"/> points at the first record's name, the next is a stride of bytes further.
    /// </summary>
    public NameTree(Kernel kernel, byte* names, int stride, int count)
    {
        _names = names;
        _stride = stride;
        _nodes = new FixedArray<Node>(kernel, count);
        _free = new IndexStack(kernel, count);
    }

    /// <summary>How many names there are.</summary>
    public int Count { get; private set; }

    /// <summary>The record of this name, or -1.</summary>
    public int Find(Name name)
    {
        if (_root == Empty)
        {
            return -1;
        }

        FixedName key = FixedName.From(name);
        int record = Nearest((byte*)&key);
        return name.Bytes.SequenceEqual(NameOf(record)) ? record : -1;
    }

    /// <summary>Adds a record whose name is in place and is not in the tree yet.</summary>
    public void Add(int record)
    {
        Count++;
        if (_root == Empty)
        {
            _root = ~record;
            return;
        }

        byte* key = KeyOf(record);
        int at = FirstDifference(key, KeyOf(Nearest(key)));
        Verify.That(at >= 0);
        int node = _free.Take();
        ref int place = ref _root;
        while (place >= 0 && _nodes[place].Bit < at)
        {
            place = ref Child(ref _nodes[place], key);
        }

        ref Node added = ref _nodes[node];
        added.Bit = at;
        bool right = BitOf(key, at);
        added.Left = right ? place : ~record;
        added.Right = right ? ~record : place;
        place = node;
    }

    /// <summary>Takes out a record that is in the tree, its name still in place.</summary>
    public void Remove(int record)
    {
        Count--;
        byte* key = KeyOf(record);
        if (_root < 0)
        {
            Verify.That(_root == ~record);
            _root = Empty;
            return;
        }

        ref int parent = ref _root;
        ref int place = ref Child(ref _nodes[_root], key);
        while (place >= 0)
        {
            parent = ref place;
            place = ref Child(ref _nodes[place], key);
        }

        Verify.That(place == ~record);
        int node = parent;
        parent = BitOf(key, _nodes[node].Bit) ? _nodes[node].Left : _nodes[node].Right;
        _free.Return(node);
    }

    /// <summary>The record of the first name, in name order, that comes after this one, or -1.</summary>
    public int After(in FixedName name)
    {
        if (_root == Empty)
        {
            return -1;
        }

        if (name.IsEmpty)
        {
            return Leftmost(_root);
        }

        FixedName copy = name;
        byte* key = (byte*)&copy;
        int nearest = Nearest(key);
        int at = FirstDifference(key, KeyOf(nearest));
        bool nearestIsAfter = at >= 0 && !BitOf(key, at);
        int turn = Empty;
        int place = _root;
        while (place >= 0 && (at < 0 || _nodes[place].Bit < at))
        {
            ref Node node = ref _nodes[place];
            bool right = BitOf(key, node.Bit);
            turn = right ? turn : node.Right;
            place = right ? node.Right : node.Left;
        }

        // All below `place` agrees with the key up to where it differs: all of it is after the key, or all before.
        return nearestIsAfter ? Leftmost(place) : turn == Empty ? -1 : Leftmost(turn);
    }

    private int Leftmost(int place)
    {
        while (place >= 0)
        {
            place = _nodes[place].Left;
        }

        return ~place;
    }

    // The record that agrees with the key in every bit the tree looks at.
    private int Nearest(byte* key)
    {
        int place = _root;
        while (place >= 0)
        {
            ref Node node = ref _nodes[place];
            place = BitOf(key, node.Bit) ? node.Right : node.Left;
        }

        return ~place;
    }

    private static ref int Child(ref Node node, byte* key)
    {
        if (BitOf(key, node.Bit))
        {
            return ref node.Right;
        }

        return ref node.Left;
    }

    // Bits are counted from the most significant of the first byte.
    private static bool BitOf(byte* key, int bit) => ((key[bit >> 3] >> (7 - (bit & 7))) & 1) != 0;

    private static int FirstDifference(byte* left, byte* right)
    {
        for (int i = 0; i < FixedName.Longest; i++)
        {
            int difference = left[i] ^ right[i];
            if (difference != 0)
            {
                return (i << 3) + BitOperations.LeadingZeroCount((uint)difference) - 24;
            }
        }

        return -1;
    }

    private byte* KeyOf(int record) => _names + ((long)record * _stride);

    private ReadOnlySpan<byte> NameOf(int record) => ((FixedName*)KeyOf(record))->Value.Bytes;

    // A child below 0 is the complement of a record's index.
    private struct Node
    {
        public int Left;
        public int Right;
        public int Bit;
    }
}
