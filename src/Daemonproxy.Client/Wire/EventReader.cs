using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Daemonproxy.Client;

/// <summary>Reads a value from a whole text; returns false if the text is not such a value.</summary>
internal delegate bool ValueParser<T>(ReadOnlySpan<byte> text, out T value);

/// <summary>Adds a word to a set; returns false if the set does not have the word.</summary>
internal delegate bool WordAdder<T>(ReadOnlySpan<byte> word, ref T set);

/// <summary>
/// Reads the fields of an event line, one after the other. Each method returns whether there was such a field. In
/// lenient mode it skips unknown words of sets.
/// </summary>
internal ref struct EventReader
{
    private readonly bool _isLenient;
    private readonly ReadOnlySpan<byte> _fields;
    private readonly Tabs _tabs;
    private readonly int _tabCount;
    private readonly int _first;
    private ReadOnlySpan<byte> _words;

    // The next field, and its offset; after the last field both are behind the end.
    private int _index;
    private int _start;

    /// <param name="fields">The fields behind the event's name, with the TAB before them; may be empty.</param>
    /// <param name="isLenient">True to skip unknown words of sets.</param>
    public EventReader(ReadOnlySpan<byte> fields, bool isLenient)
    {
        _isLenient = isLenient;
        _fields = fields.IsEmpty ? fields : fields[1..];
        _first = fields.IsEmpty ? 1 : 0;
        _start = _first;
        _tabCount = _tabs.Fill(_fields);
    }

    private readonly bool IsAtEnd => _start > _fields.Length;

    private readonly ReadOnlySpan<byte> Left => IsAtEnd ? default : _fields[_start..];

    /// <summary>Starts again with the first field.</summary>
    public bool Restart()
    {
        _index = 0;
        _start = _first;
        return true;
    }

    /// <summary>Reads a field that is this word.</summary>
    public bool Literal(ReadOnlySpan<byte> literal) => TryTake(out ReadOnlySpan<byte> field)
        && field.Length == literal.Length
        && (literal.Length == 1 ? field[0] == literal[0] : field.SequenceEqual(literal));

    /// <summary>Returns one of the first fields without advancing; empty if there are fewer.</summary>
    public readonly ReadOnlySpan<byte> Peek(int index)
    {
        if (index > _tabCount || index >= Tabs.Most)
        {
            return default;
        }

        int start = index == 0 ? 0 : _tabs[index - 1] + 1;
        return _fields[start..(index < _tabCount ? _tabs[index] : _fields.Length)];
    }

    /// <summary>Takes a field.</summary>
    public bool TryTake(out ReadOnlySpan<byte> field)
    {
        if (IsAtEnd)
        {
            field = default;
            return false;
        }

        int end = _index < _tabCount ? _tabs[_index] : EndBehindTabs();
        field = _fields[_start..end];
        _start = end + 1;
        _index++;
        return true;
    }

    // Only this many TABs are searched at once.
    private readonly int EndBehindTabs()
    {
        int tab = _tabCount < Tabs.Most ? -1 : _fields[_start..].IndexOf((byte)'\t');
        return tab < 0 ? _fields.Length : _start + tab;
    }

    /// <summary>Reads a value, or null for the literal, which may have the form of a value.</summary>
    public bool Optional<T>(out T? value, ReadOnlySpan<byte> literal, ValueParser<T> parse)
        where T : struct
    {
        value = null;
        if (!TryTake(out ReadOnlySpan<byte> field))
        {
            return false;
        }

        if (field.SequenceEqual(literal))
        {
            return true;
        }

        bool isValue = parse(field, out T found);
        value = isValue ? found : null;
        return isValue;
    }

    public bool Text(out string text)
    {
        bool isThere = TryTake(out ReadOnlySpan<byte> field);
        text = WireText.From(field);
        return isThere;
    }

    /// <summary>Reads the rest of the line, TABs included.</summary>
    public bool Message(out string text)
    {
        text = WireText.From(Left);
        return TryTakeAll();
    }

    /// <summary>Reads all remaining fields; an empty rest has none.</summary>
    public bool Rest(out TextList texts)
    {
        texts = TextList.Split(Left);
        return TryTakeAll();
    }

    public bool Set<T>(out T set, WordAdder<T> add)
        where T : struct
    {
        set = default;
        if (!Words())
        {
            return false;
        }

        while (AddFlags(ref set, add) && _isLenient && TryTakeWord(ref _words, out _))
        {
        }

        return NoMoreWords();
    }

    /// <summary>Takes a field to be read word by word.</summary>
    public bool Words() => TryTake(out _words);

    /// <summary>Reads the words that belong to a set.</summary>
    public bool Flags<T>(out T set, WordAdder<T> add)
        where T : struct
    {
        set = default;
        return AddFlags(ref set, add);
    }

    public bool Word(ReadOnlySpan<byte> literal)
    {
        while (TryTakeWord(ref _words, out ReadOnlySpan<byte> word))
        {
            if (word.SequenceEqual(literal))
            {
                return true;
            }

            if (!_isLenient)
            {
                return false;
            }
        }

        return false;
    }

    public bool WordValue<T>(out T value, ValueParser<T> parse)
        where T : struct
    {
        value = default;
        return TryTakeWord(ref _words, out ReadOnlySpan<byte> word) && parse(word, out value);
    }

    public readonly bool NoMoreWords() => _words.IsEmpty || _isLenient;

    private static bool TryTakeWord(ref ReadOnlySpan<byte> words, out ReadOnlySpan<byte> word)
    {
        int comma = words.IndexOf((byte)',');
        word = comma < 0 ? words : words[..comma];
        bool isThere = !words.IsEmpty;
        words = comma < 0 ? default : words[(comma + 1)..];
        return isThere;
    }

    private bool AddFlags<T>(ref T set, WordAdder<T> add)
    {
        ReadOnlySpan<byte> rest = _words;
        while (TryTakeWord(ref rest, out ReadOnlySpan<byte> word) && (word.IsEmpty || add(word, ref set)))
        {
            _words = rest;
        }

        return true;
    }

    private bool TryTakeAll()
    {
        bool isThere = !IsAtEnd;
        _start = _fields.Length + 1;
        return isThere;
    }

    /// <summary>The positions of the first TABs.</summary>
    [InlineArray(Most)]
    private struct Tabs
    {
        public const int Most = 12;

        private int _first;

        /// <summary>Finds the TABs; returns their number.</summary>
        public int Fill(ReadOnlySpan<byte> bytes)
        {
            int count = 0;
            int at = 0;
            for (; at + Vector128<byte>.Count <= bytes.Length; at += Vector128<byte>.Count)
            {
                Vector128<byte> some = Vector128.Create(bytes.Slice(at, Vector128<byte>.Count));
                uint found = Vector128.Equals(some, Vector128.Create((byte)'\t')).ExtractMostSignificantBits();
                for (; found != 0; found &= found - 1)
                {
                    if (count == Most)
                    {
                        return count;
                    }

                    this[count++] = at + BitOperations.TrailingZeroCount(found);
                }
            }

            for (; at < bytes.Length && count < Most; at++)
            {
                if (bytes[at] == '\t')
                {
                    this[count++] = at;
                }
            }

            return count;
        }
    }
}
