using System;
using System.Buffers.Binary;
using System.Numerics;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Collections;

/// <summary>
/// Finds records by name, and lists them in name order: a crit-bit tree over the names in the records themselves. A
/// lookup tests only the bits that distinguish the names, and compares once; no balancing, no hash, no growth. Byte
/// order, a prefix before its extensions: names are compared as 31 bytes, filled up with zeros.
/// </summary>
internal sealed unsafe class NameTree
{
    private const int Empty = int.MinValue;
    private readonly byte* _names;
    private readonly int _stride;

    // Not checked at each access: its indexes are 0 or more in the loops below, and come from the free list.
    private readonly Node* _nodes;
    private readonly FreeList _free;
    private int _root = Empty;

    // The end of the last lookup: the next one is usually for the same name or its successor, or adds the name.
    private int _last = -1;

    /// <summary>
    /// <paramref name="names"/> points at the first record's name, the next is a stride of bytes further.
    /// </summary>
    public NameTree(SystemCalls kernel, byte* names, int stride, int count)
    {
        _names = names;
        _stride = stride;
        _nodes = new FixedArray<Node>(kernel, count).Pointer;
        _free = new FreeList(kernel, count);
    }

    /// <summary>The number of names.</summary>
    public int Count { get; private set; }

    /// <summary>The record of this name, or -1.</summary>
    public int Find(Name name)
    {
        if (_root == Empty)
        {
            return -1;
        }

        FixedName fixedName = FixedName.From(name);
        byte* key = (byte*)&fixedName;
        if (_last >= 0 && FirstDifference(key, KeyOf(_last)) < 0)
        {
            return _last;
        }

        _last = Nearest(key);
        return FirstDifference(key, KeyOf(_last)) < 0 ? _last : -1;
    }

    /// <summary>Adds a record whose name is in place and is not in the tree yet.</summary>
    public void Add(int record)
    {
        Count++;
        _last = record;
        if (_root == Empty)
        {
            _root = ~record;
            return;
        }

        byte* key = KeyOf(record);
        int at = FirstDifference(key, KeyOf(Nearest(key)));
        Assertion.Require(at >= 0);
        int node = _free.Take();
        ref int place = ref _root;
        while (place >= 0 && _nodes[place].Bit < at)
        {
            place = ref Child(ref _nodes[place], key);
        }

        ref Node added = ref _nodes[node];
        added.Place(at);
        bool right = added.IsSet(key);
        added.Left = right ? place : ~record;
        added.Right = right ? ~record : place;
        place = node;
    }

    /// <summary>Takes out a record that is in the tree, its name still in place.</summary>
    public void Remove(int record)
    {
        Count--;
        _last = -1;
        byte* key = KeyOf(record);
        if (_root < 0)
        {
            Assertion.Require(_root == ~record);
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

        Assertion.Require(place == ~record);
        int node = parent;
        parent = _nodes[node].IsSet(key) ? _nodes[node].Left : _nodes[node].Right;
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
        int place = Descend(key, int.MaxValue, out int turn);
        int at = FirstDifference(key, KeyOf(~place));
        bool isBeforeAll = at >= 0 && !BitOf(key, at);
        if (at >= 0)
        {
            // No such name: what is below here agrees with the key up to where it differs, so it is all after the key,
            // or all before.
            place = Descend(key, at, out turn);
        }

        return isBeforeAll ? Leftmost(place) : turn == Empty ? -1 : Leftmost(turn);
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
            place = node.IsSet(key) ? node.Right : node.Left;
        }

        return ~place;
    }

    // Down along the key as long as bits before this one are looked at; and what lies to the right of the last turn to
    // the left.
    private int Descend(byte* key, int before, out int turn)
    {
        turn = Empty;
        int place = _root;
        while (place >= 0)
        {
            ref Node node = ref _nodes[place];
            if (node.Bit >= before)
            {
                break;
            }

            if (node.IsSet(key))
            {
                place = node.Right;
            }
            else
            {
                turn = node.Right;
                place = node.Left;
            }
        }

        return place;
    }

    private static ref int Child(ref Node node, byte* key)
    {
        if (node.IsSet(key))
        {
            return ref node.Right;
        }

        return ref node.Left;
    }

    // Bits are counted from the most significant of the first byte.
    private static bool BitOf(byte* key, int bit) => (key[bit >> 3] & (0x80 >> (bit & 7))) != 0;

    private static int FirstDifference(byte* left, byte* right)
    {
        for (int at = 0; at < FixedName.Bytes; at += sizeof(ulong))
        {
            ulong difference = BinaryPrimitives.ReverseEndianness(*(ulong*)(left + at) ^ *(ulong*)(right + at));
            if (at == FixedName.Bytes - sizeof(ulong))
            {
                // The last byte is the length and not of the name.
                difference &= ~(ulong)byte.MaxValue;
            }

            if (difference != 0)
            {
                return (at << 3) + BitOperations.LeadingZeroCount(difference);
            }
        }

        return -1;
    }

    private byte* KeyOf(int record) => _names + ((long)record * _stride);

    // A child below 0 is the complement of a record's index. The byte of the bit and its mask are kept beside it, since
    // each step of a lookup needs them.
    private struct Node
    {
        public int Left;
        public int Right;
        public ushort Bit;
        public byte Offset;
        public byte Mask;

        public void Place(int bit)
        {
            Bit = (ushort)bit;
            Offset = (byte)(bit >> 3);
            Mask = (byte)(0x80 >> (bit & 7));
        }

        // Callers branch on it: that is predicted well, since names come in an order of their own, while an address
        // computed from it would have to be waited for.
        public readonly bool IsSet(byte* key) => (key[Offset] & Mask) != 0;
    }
}
