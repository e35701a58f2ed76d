using System;

namespace Daemonproxy.Client;

/// <summary>Reads a value that is a whole text, or says that it is none.</summary>
internal delegate bool ValueParser<T>(ReadOnlySpan<byte> text, out T value);

/// <summary>Adds a word to a set, or says that it is none of its words.</summary>
internal delegate bool WordAdder<T>(ReadOnlySpan<byte> word, ref T set);

/// <summary>
/// Takes the fields of an event line, one after the other. Each method says whether there was such a field. Passed by
/// value, it starts anew where it was. Lenient, it skips words of sets that are not known.
/// </summary>
internal ref struct EventReader
{
    private readonly bool _isLenient;
    private ReadOnlySpan<byte> _rest;
    private ReadOnlySpan<byte> _words;
    private bool _isAtEnd;

    /// <param name="fields">The fields behind the event's name, with the TAB before them; may be empty.</param>
    /// <param name="isLenient">Whether to skip words of sets that are not known.</param>
    public EventReader(ReadOnlySpan<byte> fields, bool isLenient)
    {
        _isLenient = isLenient;
        _isAtEnd = fields.IsEmpty;
        _rest = fields.IsEmpty ? fields : fields[1..];
    }

    public bool Literal(ReadOnlySpan<byte> literal) =>
        TryTake(out ReadOnlySpan<byte> field) && field.SequenceEqual(literal);

    /// <summary>A field further on, without taking it; empty if there are not so many.</summary>
    public readonly ReadOnlySpan<byte> Peek(int index)
    {
        ReadOnlySpan<byte> rest = _rest;
        for (; index > 0; index--)
        {
            int end = rest.IndexOf((byte)'\t');
            if (end < 0)
            {
                return default;
            }

            rest = rest[(end + 1)..];
        }

        int tab = rest.IndexOf((byte)'\t');
        return tab < 0 ? rest : rest[..tab];
    }

    /// <summary>Takes a field.</summary>
    public bool TryTake(out ReadOnlySpan<byte> field)
    {
        int tab = _rest.IndexOf((byte)'\t');
        bool isThere = !_isAtEnd;
        field = tab < 0 ? _rest : _rest[..tab];
        _isAtEnd = tab < 0;
        _rest = tab < 0 ? default : _rest[(tab + 1)..];
        return isThere;
    }

    /// <summary>A value, or null where there is the literal instead.</summary>
    public bool Optional<T>(out T? value, ReadOnlySpan<byte> literal, ValueParser<T> parse)
        where T : struct
    {
        value = null;
        if (!TryTake(out ReadOnlySpan<byte> field))
        {
            return false;
        }

        if (parse(field, out T found))
        {
            value = found;
            return true;
        }

        return field.SequenceEqual(literal);
    }

    public bool Text(out string text)
    {
        bool isThere = TryTake(out ReadOnlySpan<byte> field);
        text = WireText.From(field);
        return isThere;
    }

    /// <summary>All that is left, TABs included.</summary>
    public bool Message(out string text)
    {
        text = WireText.From(_rest);
        return TryTakeAll();
    }

    /// <summary>All fields that are left; an empty rest is none.</summary>
    public bool Rest(out TextList texts)
    {
        texts = TextList.Split(_rest);
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

    /// <summary>As many words as are words of a set.</summary>
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
        bool isThere = !_isAtEnd;
        _isAtEnd = true;
        _rest = default;
        return isThere;
    }
}
