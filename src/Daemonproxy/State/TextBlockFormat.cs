using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>
/// The format of a block of the text arena: the number of its texts (1 byte), for each text its tag (1 byte) and its
/// length (2 bytes), in rising order of the tags, then the texts without a gap. An empty text is not in the block. So a
/// release can add a tag and still read the blocks of the release before it.
/// </summary>
internal static unsafe class TextBlockFormat
{
    private const int CountBytes = 1;
    private const int EntryBytes = 3;

    /// <summary>The size of the header of a block with so many texts, in bytes.</summary>
    public static int HeaderBytes(int texts) => CountBytes + (texts * EntryBytes);

    /// <summary>One text of a sound block; empty when it has none of this tag.</summary>
    public static ReadOnlySpan<byte> Get(byte* block, int tag)
    {
        byte* entry = block + CountBytes;
        byte* text = block + HeaderBytes(*block);
        for (int left = *block; left > 0; left--)
        {
            if (*entry >= tag)
            {
                return *entry == tag ? new ReadOnlySpan<byte>(text, LengthOf(entry)) : default;
            }

            text += LengthOf(entry);
            entry += EntryBytes;
        }

        return default;
    }

    /// <summary>The tags from one on of the texts of a sound block: bit 0 is that tag.</summary>
    public static uint Tags(byte* block, int from)
    {
        uint tags = 0;
        byte* entry = block + HeaderBytes(*block);
        for (int left = *block; left > 0; left--)
        {
            entry -= EntryBytes;
            if (*entry < from)
            {
                break;
            }

            tags |= 1u << (*entry - from);
        }

        return tags;
    }

    /// <summary>
    /// The position of a text of this tag in a sound block, or where it would be, with its neighbours.
    /// </summary>
    public static TextBlockParts Split(byte* block, int tag)
    {
        TextBlockParts split = default;
        byte* entry = block + CountBytes;
        int left = *block;
        for (; left > 0 && *entry < tag; left--)
        {
            split.TextsBefore++;
            split.BytesBefore += LengthOf(entry);
            entry += EntryBytes;
        }

        if (left > 0 && *entry == tag)
        {
            split.Replaced = 1;
            split.BytesReplaced = LengthOf(entry);
            entry += EntryBytes;
            left--;
        }

        split.TextsAfter = left;
        for (; left > 0; left--)
        {
            split.BytesAfter += LengthOf(entry);
            entry += EntryBytes;
        }

        return split;
    }

    /// <summary>
    /// Writes a block with the texts of an old one, which is null if there is none, but with this text under its tag.
    /// The new block has room for it.
    /// </summary>
    public static void Write(byte* block, byte* old, in TextBlockParts split, int tag, ReadOnlySpan<byte> text)
    {
        int count = split.TextsBefore + (text.IsEmpty ? 0 : 1) + split.TextsAfter;
        byte* entry = block + CountBytes;
        byte* bytes = block + HeaderBytes(count);
        *block = (byte)count;
        byte* oldEntry = old + CountBytes;
        for (int left = split.TextsBefore; left > 0; left--)
        {
            MoveEntry(ref entry, ref oldEntry);
        }

        if (split.BytesBefore > 0)
        {
            Unsafe.CopyBlockUnaligned(bytes, old + HeaderBytes(*old), (uint)split.BytesBefore);
            bytes += split.BytesBefore;
        }

        if (!text.IsEmpty)
        {
            *entry = (byte)tag;
            *(ushort*)(entry + 1) = (ushort)text.Length;
            entry += EntryBytes;
            text.CopyTo(new Span<byte>(bytes, text.Length));
            bytes += text.Length;
        }

        if (split.TextsAfter > 0)
        {
            oldEntry += split.Replaced * EntryBytes;
            for (int left = split.TextsAfter; left > 0; left--)
            {
                MoveEntry(ref entry, ref oldEntry);
            }

            byte* after = old + HeaderBytes(*old) + split.BytesBefore + split.BytesReplaced;
            Unsafe.CopyBlockUnaligned(bytes, after, (uint)split.BytesAfter);
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
    /// True if these bytes are a block with tags below a number, and with texts that can be parts of a line.
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

    private static int LengthOf(byte* entry) => *(ushort*)(entry + 1);

    private static void MoveEntry(ref byte* to, ref byte* from)
    {
        *to = *from;
        *(ushort*)(to + 1) = *(ushort*)(from + 1);
        to += EntryBytes;
        from += EntryBytes;
    }

    private static int LengthAt(ReadOnlySpan<byte> block, int at) => BitConverter.ToUInt16(block[(at + 1)..]);

    private static void WriteEntry(Span<byte> block, int at, int tag, int length)
    {
        block[at] = (byte)tag;
        BitConverter.TryWriteBytes(block[(at + 1)..], (ushort)length);
    }
}

/// <summary>A block cut at the place of one text: the texts before it, itself, and the texts after it.</summary>
internal struct TextBlockParts
{
    public int TextsBefore;
    public int BytesBefore;

    /// <summary>1 if the text is there, 0 if not; and its length.</summary>
    public int Replaced;
    public int BytesReplaced;
    public int TextsAfter;
    public int BytesAfter;
}
