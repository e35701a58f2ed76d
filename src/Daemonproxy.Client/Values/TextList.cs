using System;
using System.Collections;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Daemonproxy.Client;

/// <summary>
/// Texts in order, such as the arguments of a service. It is never changed, and equals another one with the same texts.
/// </summary>
[CollectionBuilder(typeof(TextList), nameof(Create))]
public readonly struct TextList : IReadOnlyList<string>, IEquatable<TextList>
{
    private readonly string[]? _texts;

    private TextList(string[] texts) => _texts = texts;

    /// <summary>No text.</summary>
    public static TextList Empty => default;

    /// <inheritdoc />
    public int Count => Texts.Length;

    private string[] Texts => _texts ?? [];

    /// <inheritdoc />
    public string this[int index] => Texts[index];

    /// <summary>Makes a list of these texts; collection expressions call it.</summary>
    public static TextList Create(ReadOnlySpan<string> texts) => new(texts.ToArray());

    /// <summary>True if the texts are equal.</summary>
    public static bool operator ==(TextList left, TextList right) => left.Equals(right);

    /// <summary>True if the texts differ.</summary>
    public static bool operator !=(TextList left, TextList right) => !left.Equals(right);

    /// <inheritdoc />
    public bool Equals(TextList other) => Texts.AsSpan().SequenceEqual(other.Texts);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is TextList other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (string text in Texts)
        {
            hash.Add(text, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc />
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)Texts).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The texts, with blanks between them.</summary>
    public override string ToString() => string.Join(' ', Texts);

    /// <summary>Makes a list of an array that nobody else has.</summary>
    internal static TextList Of(string[] texts) => new(texts);

    internal static TextList Split(ReadOnlySpan<byte> fields)
    {
        if (fields.IsEmpty)
        {
            return default;
        }

        var texts = new string[fields.Count((byte)'\t') + 1];
        for (int index = 0; index < texts.Length; index++)
        {
            int tab = fields.IndexOf((byte)'\t');
            texts[index] = WireText.From(tab < 0 ? fields : fields[..tab]);
            fields = tab < 0 ? default : fields[(tab + 1)..];
        }

        return new TextList(texts);
    }
}
