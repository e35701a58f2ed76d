using System;
using System.Runtime.InteropServices;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>
/// The texts of records, apart from their hot fields: each record's texts in one block, moved when it grows. A change
/// writes a new block and the record publishes it with one store, so that a crash finds the old text or the new one.
/// Blocks given back are used again for texts of about their size; when the end is reached, the live ones are copied to
/// the other half of the arena. The free space is kept only here, and computed again on resume.
/// </summary>
internal sealed unsafe class TextArena
{
    // A half has room for headers of this size in bytes, however few texts there are: a release with one tag more can
    // then take over an image as it is. Release 0.1 had this header.
    private const int LeastHeaderBytes = 16;

    // A bit for each unit says on resume that it belongs to a text.
    private const int BitsOfWord = 64;

    private readonly ByteRegion _bytes;
    private readonly FixedArray<uint> _freeHeads;
    private readonly int _tags;
    private readonly int _mostPerRecord;
    private readonly long _halfBytes;
    private readonly FixedArray<ulong> _claims;
    private long _reservedTo;
    private int _half;
    private long _end;

    /// <summary>
    /// Texts with tags from 0 to below a number; at most so many bytes of text for one record, one between two texts
    /// included.
    /// </summary>
    public TextArena(SystemCalls kernel, StateImage image, RegionId id, int tags, int mostPerRecord)
    {
        _bytes = new ByteRegion(image, id);
        _halfBytes = _bytes.TotalBytes / 2;
        _tags = tags;
        _mostPerRecord = mostPerRecord;
        _freeHeads = new FixedArray<uint>(kernel, SizeClass.Count);
        _claims = new FixedArray<ulong>(kernel, (int)((_bytes.TotalBytes / TextRef.UnitBytes / BitsOfWord) + 1));
    }

    /// <summary>Reads and sets the reference of an owner's record to its text.</summary>
    internal interface ITextOwners
    {
        int Count { get; }

        TextRef TextOf(int owner);

        void Publish(int owner, TextRef text);
    }

    /// <summary>Bytes of the blocks in use.</summary>
    public long Used { get; private set; }

    /// <summary>
    /// The size of one half for so many records of at most so many bytes, so that nothing can fail: each record has a
    /// block of at most the largest class, and one more is written before the one it replaces is given back. Whatever
    /// lies between them, moving all that is live to the other half leaves room for that one.
    /// </summary>
    public static long HalfBytesFor(int records, int mostPerRecord, int tags)
    {
        int header = Math.Max(TextBlockFormat.HeaderBytes(tags), LeastHeaderBytes);
        int block = SizeClass.Bytes(SizeClass.For(mostPerRecord + header));
        long bytes = (long)(records + 1) * block;
        return (bytes + ImageLayout.PageBytes - 1) / ImageLayout.PageBytes * ImageLayout.PageBytes;
    }

    /// <summary>One text of a record; empty when it has none.</summary>
    public ReadOnlySpan<byte> Get(TextRef text, int tag) => text.IsEmpty ? default : TextBlockFormat.Get(At(text), tag);

    /// <summary>The tags from one on of the texts of a record: bit 0 is that tag.</summary>
    public uint TagsOf(TextRef text, int from) => text.IsEmpty ? 0 : TextBlockFormat.Tags(At(text), from);

    /// <summary>
    /// Writes a record's texts anew with one of them changed. The record keeps its old text until it publishes the new
    /// place, and then gives the old one back with <see cref="Free"/>. False when there is no room.
    /// </summary>
    public bool TryStage(ITextOwners owners, int owner, int tag, ReadOnlySpan<byte> text, out TextRef staged)
    {
        TextRef current = owners.TextOf(owner);
        int half = _half;
        TextBlockParts split = current.IsEmpty ? default : TextBlockFormat.Split(At(current), tag);
        int texts = split.TextsBefore + (text.IsEmpty ? 0 : 1) + split.TextsAfter;
        int bytes = split.BytesBefore + text.Length + split.BytesAfter;
        int separators = Math.Max(texts - 1, 0);
        staged = default;
        if (bytes + separators > _mostPerRecord
            || !TryAllocate(owners, bytes + TextBlockFormat.HeaderBytes(texts), out staged))
        {
            return false;
        }

        // To make room, all texts may have been moved to the other half.
        current = _half == half ? current : owners.TextOf(owner);
        TextBlockFormat.Write(At(staged), current.IsEmpty ? null : At(current), split, tag, text);
        _bytes.Pass(CrashPoint.TextWritten);
        return true;
    }

    /// <summary>Gives a block back that no record names any more.</summary>
    public void Free(TextRef text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        int sizeClass = SizeClass.For((int)text.Bytes);
        NextFree(text) = _freeHeads[sizeClass];
        _freeHeads[sizeClass] = text.Unit + 1;
        Used -= text.Bytes;
    }

    /// <summary>After a resume: computes the free space by moving all live blocks into one half.</summary>
    public void Rebuild(ITextOwners owners)
    {
        Span<long> ends = stackalloc long[2];
        Span<long> live = stackalloc long[2];
        ends.Clear();
        live.Clear();
        for (int owner = 0; owner < owners.Count; owner++)
        {
            TextRef text = owners.TextOf(owner);
            if (!text.IsEmpty)
            {
                int half = (int)(text.Offset / _halfBytes);
                ends[half] = Math.Max(ends[half], (text.Offset % _halfBytes) + text.Bytes);
                live[half] += text.Bytes;
            }
        }

        // A crash in the middle of a compaction leaves texts in both halves. Those that were moved lie close together:
        // there is room behind them for all others.
        int fuller = ends[1] > ends[0] ? 1 : 0;
        _half = ends[fuller] + live[1 - fuller] <= _halfBytes ? fuller : 1 - fuller;
        _end = ends[_half];
        _reservedTo = 0;
        Used = live[0] + live[1];
        if (ends[0] > 0 && ends[1] > 0)
        {
            Gather(owners, _half);
        }
    }

    /// <summary>True if this is a place where a block can be, with texts in it that can be parts of a line.</summary>
    public bool IsSound(TextRef text) =>
        text.IsEmpty || (IsInside(text) && TextBlockFormat.IsSound(Block(text), _tags));

    /// <summary>
    /// After a resume: claims a block for a record, unless it is unsound, or a record before claimed it.
    /// </summary>
    public QuarantineReason Claim(TextRef text) =>
        !IsSound(text) ? QuarantineReason.Text
        : text.IsEmpty || TryMark(text) ? QuarantineReason.None
        : QuarantineReason.SameText;

    private bool IsInside(TextRef text) =>
        text.Offset < 2 * _halfBytes
        && text.Bytes is >= SizeClass.Smallest and <= SizeClass.Largest
        && (text.Offset % _halfBytes) + text.Bytes <= _halfBytes
        && SizeClass.Bytes(SizeClass.For((int)text.Bytes)) == text.Bytes;

    private bool TryMark(TextRef text)
    {
        long end = text.Unit + ((text.Bytes + TextRef.UnitBytes - 1) / TextRef.UnitBytes);
        for (long unit = text.Unit; unit < end; unit++)
        {
            if (((_claims[(int)(unit / BitsOfWord)] >> (int)(unit % BitsOfWord)) & 1) != 0)
            {
                return false;
            }
        }

        for (long unit = text.Unit; unit < end; unit++)
        {
            _claims[(int)(unit / BitsOfWord)] |= 1UL << (int)(unit % BitsOfWord);
        }

        return true;
    }

    private bool TryAllocate(ITextOwners owners, int bytes, out TextRef text)
    {
        int sizeClass = SizeClass.For(bytes);
        uint size = (uint)SizeClass.Bytes(sizeClass);
        uint head = _freeHeads[sizeClass];
        text = default;
        if (head != 0)
        {
            text = new TextRef(head - 1, size);
            _freeHeads[sizeClass] = NextFree(text);
        }
        else if (TryExtend(size, out text) || (TryCompact(owners, size) && TryExtend(size, out text)))
        {
            // A fresh block at the end.
        }
        else
        {
            return false;
        }

        Used += size;
        return true;
    }

    private bool TryExtend(uint size, out TextRef text)
    {
        text = default;
        if (_end + size > _halfBytes || !TryReserve(_end + size))
        {
            return false;
        }

        text = TextRef.At((_half * _halfBytes) + _end, size);
        _end += size;
        return true;
    }

    private bool TryReserve(long end)
    {
        if (end <= _reservedTo)
        {
            return true;
        }

        int atOnce = end <= ImageLayout.PageBytes ? ImageLayout.PageBytes : 4 * ImageLayout.PageBytes;
        long goal = Math.Min(_halfBytes, (end + atOnce - 1) / atOnce * atOnce);
        if (!_bytes.TryReserve((_half * _halfBytes) + _reservedTo, goal - _reservedTo))
        {
            return false;
        }

        _reservedTo = goal;
        return true;
    }

    private bool TryCompact(ITextOwners owners, uint size)
    {
        if (Used + size > _halfBytes)
        {
            return false;
        }

        int from = _half;
        long end = _end;
        long reserved = _reservedTo;
        (_half, _end, _reservedTo) = (1 - from, 0, 0);
        if (!TryReserve(Used + size))
        {
            (_half, _end, _reservedTo) = (from, end, reserved);
            return false;
        }

        Gather(owners, _half);
        return true;
    }

    // Copies every block that is not yet in this half to its end, and gives the other half back.
    private void Gather(ITextOwners owners, int half)
    {
        for (int owner = 0; owner < owners.Count; owner++)
        {
            TextRef text = owners.TextOf(owner);
            if (!text.IsEmpty && text.Offset / _halfBytes != half)
            {
                // A compaction has made sure of the room; a resume without memory loses the text, not the rest.
                if (!TryExtend(text.Bytes, out TextRef moved))
                {
                    owners.Publish(owner, default);
                    continue;
                }

                Block(text).CopyTo(Block(moved));
                _bytes.Pass(CrashPoint.TextMoved);
                owners.Publish(owner, moved);
            }
        }

        _freeHeads.Span.Clear();
        _bytes.Release((1 - half) * _halfBytes, _halfBytes);
    }

    private byte* At(TextRef text) => _bytes.At(text.Offset, (int)text.Bytes);

    private Span<byte> Block(TextRef text) => _bytes.Slice(text.Offset, (int)text.Bytes);

    // While a block is free: the unit of the next free one of its class, + 1.
    private ref uint NextFree(TextRef text) =>
        ref MemoryMarshal.AsRef<uint>(_bytes.Slice(text.Offset, sizeof(uint)));
}
