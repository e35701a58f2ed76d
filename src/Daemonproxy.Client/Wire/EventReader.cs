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
    private readonly ReadOnlySpan<byte> _line;

    // The ends of the first fields; the first one is the name.
    private readonly Ends _ends;
    private readonly int _known;
    private ReadOnlySpan<byte> _words;

    // The next field, and its offset; after the last field the offset is behind the end.
    private int _index;
    private int _start;

    /// <param name="line">A line without its line feed.</param>
    /// <param name="isLenient">True to skip unknown words of sets.</param>
    public EventReader(ReadOnlySpan<byte> line, bool isLenient)
    {
        _isLenient = isLenient;
        _line = line;
        _known = _ends.Fill(line);
        Restart();
    }

    /// <summary>The field before the others: the name of the event.</summary>
    public readonly ReadOnlySpan<byte> Name => _line[.._ends[0]];

    private readonly bool IsAtEnd => _start > _line.Length;

    private readonly ReadOnlySpan<byte> Left => IsAtEnd ? default : _line[_start..];

    /// <summary>Starts again with the field after the name.</summary>
    public bool Restart()
    {
        _index = 1;
        _start = _ends[0] + 1;
        return true;
    }

    /// <summary>Reads a field that is this word.</summary>
    public bool Literal(ReadOnlySpan<byte> literal) => TryTake(out ReadOnlySpan<byte> field)
        && field.Length == literal.Length
        && (literal.Length == 1 ? field[0] == literal[0] : field.SequenceEqual(literal));

    /// <summary>Returns one of the first fields after the name without advancing; empty if there are fewer.</summary>
    public readonly ReadOnlySpan<byte> Peek(int index) =>
        index + 1 < _known ? _line[(_ends[index] + 1).._ends[index + 1]] : default;

    /// <summary>Takes a field.</summary>
    public bool TryTake(out ReadOnlySpan<byte> field)
    {
        int index = _index;
        if (index >= _known)
        {
            return TryTakeUnknown(out field);
        }

        int end = _ends[index];
        field = _line[_start..end];
        _start = end + 1;
        _index = index + 1;
        return true;
    }

    // Only this many ends are searched at once.
    private bool TryTakeUnknown(out ReadOnlySpan<byte> field)
    {
        ReadOnlySpan<byte> left = Left;
        bool isThere = !IsAtEnd;
        int tab = left.IndexOf((byte)'\t');
        field = tab < 0 ? left : left[..tab];
        _start += field.Length + 1;
        return isThere;
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
        ReadOnlySpan<byte> left = Left;
        if (_known == Ends.Most || left.IsEmpty)
        {
            texts = TextList.Split(left);
            return TryTakeAll();
        }

        var all = new string[_known - _index];
        for (int number = 0; number < all.Length && TryTake(out ReadOnlySpan<byte> field); number++)
        {
            all[number] = WireText.From(field);
        }

        texts = TextList.Of(all);
        return true;
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
        _start = _line.Length + 1;
        _index = Ends.Most;
        return isThere;
    }

    /// <summary>The ends of the first fields.</summary>
    [InlineArray(Most)]
    private struct Ends
    {
        public const int Most = 14;

        private int _first;

        /// <summary>
        /// Finds the ends; returns their number. If it is less than the most, it is that of all fields.
        /// </summary>
        public int Fill(ReadOnlySpan<byte> line)
        {
            int count = 0;
            int at = 0;
            for (; at + Vector128<byte>.Count <= line.Length; at += Vector128<byte>.Count)
            {
                uint found = Vector128.Equals(
                    Vector128.Create(line[at..]), Vector128.Create((byte)'\t')).ExtractMostSignificantBits();
                for (; found != 0; found &= found - 1)
                {
                    if (count == Most)
                    {
                        return count;
                    }

                    this[count++] = at + BitOperations.TrailingZeroCount(found);
                }
            }

            for (; at < line.Length && count < Most; at++)
            {
                if (line[at] == '\t')
                {
                    this[count++] = at;
                }
            }

            if (count < Most)
            {
                this[count++] = line.Length;
            }

            return count;
        }
    }
}
