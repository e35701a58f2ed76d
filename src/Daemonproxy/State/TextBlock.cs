using System;
using System.Buffers.Binary;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>
/// The format of a block of the text arena: the number of its texts (1 byte), for each text its tag (1 byte) and its
/// length (2 bytes), in rising order of the tags, then the texts without a gap. An empty text is not in the block. So a
/// release can add a tag and still read the blocks of the release before it.
/// </summary>
internal static class TextBlock
{
    private const int CountBytes = 1;
    private const int EntryBytes = 3;

    /// <summary>The size of the header of a block with so many texts, in bytes.</summary>
    public static int HeaderBytes(int texts) => CountBytes + (texts * EntryBytes);

    /// <summary>One text of a block; empty when it has none of this tag.</summary>
    public static ReadOnlySpan<byte> Get(ReadOnlySpan<byte> block, int tag)
    {
        int count = block[0];
        int start = HeaderBytes(count);
        for (int at = CountBytes; count > 0; at += EntryBytes, count--)
        {
            int length = LengthAt(block, at);
            if (block[at] >= tag)
            {
                return block[at] == tag ? block.Slice(start, length) : default;
            }

            start += length;
        }

        return default;
    }

    /// <summary>Where a text of this tag is in a block, or would be, and what is around it.</summary>
    public static TextBlockSplit Split(ReadOnlySpan<byte> block, int tag)
    {
        TextBlockSplit split = default;
        int count = block[0];
        for (int at = CountBytes; count > 0; at += EntryBytes, count--)
        {
            int length = LengthAt(block, at);
            if (block[at] < tag)
            {
                split.TextsBefore++;
                split.BytesBefore += length;
            }
            else if (block[at] == tag)
            {
                split.Replaced = 1;
                split.BytesReplaced = length;
            }
            else
            {
                split.TextsAfter++;
                split.BytesAfter += length;
            }
        }

        return split;
    }

    /// <summary>Writes a block with the texts of an old one, but with this text under its tag.</summary>
    public static void Write(
        Span<byte> block, ReadOnlySpan<byte> old, in TextBlockSplit split, int tag, ReadOnlySpan<byte> text)
    {
        int count = split.TextsBefore + (text.IsEmpty ? 0 : 1) + split.TextsAfter;
        int texts = HeaderBytes(count);
        int at = HeaderBytes(split.TextsBefore);
        block[0] = (byte)count;
        if (!old.IsEmpty)
        {
            int oldTexts = HeaderBytes(old[0]);
            int behind = split.BytesBefore + split.BytesReplaced;
            old[CountBytes..at].CopyTo(block[CountBytes..]);
            old.Slice(oldTexts, split.BytesBefore).CopyTo(block[texts..]);
            old[HeaderBytes(split.TextsBefore + split.Replaced)..oldTexts].CopyTo(
                block[(text.IsEmpty ? at : at + EntryBytes)..]);
            old.Slice(oldTexts + behind, split.BytesAfter).CopyTo(block[(texts + split.BytesBefore + text.Length)..]);
        }

        if (!text.IsEmpty)
        {
            WriteEntry(block, at, tag, text.Length);
            text.CopyTo(block[(texts + split.BytesBefore)..]);
        }
    }

    /// <summary>Adds a text to the end of a block whose header has room for so many texts.</summary>
    public static void Append(Span<byte> block, int tag, ReadOnlySpan<byte> text, int texts, ref int end)
    {
        WriteEntry(block, HeaderBytes(block[0]), tag, text.Length);
        block[0]++;
        text.CopyTo(block[(HeaderBytes(texts) + end)..]);
        end += text.Length;
    }

    /// <summary>
    /// Whether these bytes are a block with tags below a number, and with texts that can be parts of a line.
    /// </summary>
    public static bool IsSound(ReadOnlySpan<byte> block, int tags)
    {
        const byte LineFeed = (byte)'\n';
        int count = block[0];
        int start = HeaderBytes(count);
        int end = start;
        int last = -1;
        if (count > tags || start > block.Length)
        {
            return false;
        }

        for (int at = CountBytes; count > 0; at += EntryBytes, count--)
        {
            int length = LengthAt(block, at);
            end += length;
            if (block[at] <= last || block[at] >= tags || length > Limits.Line || end > block.Length)
            {
                return false;
            }

            last = block[at];
        }

        return !block[start..end].ContainsAny(LineFeed, (byte)0);
    }

    private static int LengthAt(ReadOnlySpan<byte> block, int at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(block[(at + 1)..]);

    private static void WriteEntry(Span<byte> block, int at, int tag, int length)
    {
        block[at] = (byte)tag;
        BinaryPrimitives.WriteUInt16LittleEndian(block[(at + 1)..], (ushort)length);
    }
}

/// <summary>A block cut at the place of one text: the texts before it, itself, and the texts after it.</summary>
internal struct TextBlockSplit
{
    public int TextsBefore;
    public int BytesBefore;

    /// <summary>1 if the text is there, 0 if not; and its length.</summary>
    public int Replaced;
    public int BytesReplaced;
    public int TextsAfter;
    public int BytesAfter;
}
