using System;
using Daemonproxy.Descriptors;
using Daemonproxy.Services;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>
/// Rewrites the texts of an image with layout 1 (release 0.1). There a block began with the lengths of four texts, 2
/// bytes each, and 8 bytes that only a free block used; the texts followed without a gap. A new block is never larger.
/// </summary>
internal static unsafe class TextMigration
{
    private const int OldTexts = 4;
    private const int OldHeaderBytes = 16;

    // Not the size of a block: the check of records finds it, and quarantines the record.
    private static readonly TextRef _unsound = new(0, 1);

    /// <summary>Moves the texts of all services and descriptors; false when there is no memory.</summary>
    /// <param name="old">The image of the earlier release.</param>
    /// <param name="image">The new image, which has copies of the records.</param>
    public static bool TryRun(StateImage old, StateImage image)
    {
        RegionEntry services = image.Entry(RegionId.Services);
        RegionEntry fds = image.Entry(RegionId.Fds);
        Arena texts = new(old, image, RegionId.ServiceText);
        bool hasMemory = true;
        for (int index = ImageMigration.CountWritten(old, RegionId.Services) - 1; hasMemory && index >= 0; index--)
        {
            ServiceRecord* record =
                (ServiceRecord*)image.At(services.Offset + ((long)index * services.ElementBytes));
            hasMemory = texts.TryMove(ref record->Text);
        }

        Arena paths = new(old, image, RegionId.FdText);
        for (int index = ImageMigration.CountWritten(old, RegionId.Fds) - 1; hasMemory && index >= 0; index--)
        {
            FdRecord* record = (FdRecord*)image.At(fds.Offset + ((long)index * fds.ElementBytes));
            hasMemory = paths.TryMove(ref record->Text);
        }

        return hasMemory;
    }

    // The arena of a region in both images. The new one is filled from its start.
    private sealed class Arena(StateImage old, StateImage image, RegionId id)
    {
        private readonly RegionEntry _from = old.Entry(id);
        private readonly RegionEntry _to = image.Entry(id);
        private long _end;
        private long _reservedTo;

        private long OldHalf => (long)_from.Count * _from.ElementBytes / 2;

        private long NewHalf => (long)_to.Count * _to.ElementBytes / 2;

        // The image is not checked yet: a reference to no block stays unchanged.
        public bool TryMove(ref TextRef text)
        {
            if (text.IsEmpty)
            {
                return true;
            }

            if (!IsBlock(text, out int bytes))
            {
                text = _unsound;
                return true;
            }

            ReadOnlySpan<byte> block = new(old.At(_from.Offset + text.Offset), (int)text.Bytes);
            int count = 0;
            for (int tag = 0; tag < OldTexts; tag++)
            {
                count += LengthOf(block, tag) > 0 ? 1 : 0;
            }

            int size = SizeClass.Bytes(SizeClass.For(TextBlockFormat.HeaderBytes(count) + bytes));
            if (_end + size > NewHalf)
            {
                text = _unsound;
                return true;
            }

            if (!TryReserve(_end + size))
            {
                return false;
            }

            Copy(block, count, new Span<byte>(image.At(_to.Offset + _end), size));
            text = TextRef.At(_end, (uint)size);
            _end += size;
            return true;
        }

        private bool IsBlock(TextRef text, out int bytes)
        {
            bytes = 0;
            bool isInside = text.Offset < 2 * OldHalf
                && text.Bytes is >= SizeClass.Smallest and <= SizeClass.Largest
                && (text.Offset % OldHalf) + text.Bytes <= OldHalf
                && SizeClass.Bytes(SizeClass.For((int)text.Bytes)) == text.Bytes;
            if (!isInside)
            {
                return false;
            }

            ReadOnlySpan<byte> block = new(old.At(_from.Offset + text.Offset), (int)text.Bytes);
            for (int tag = 0; tag < OldTexts; tag++)
            {
                bytes += LengthOf(block, tag);
            }

            return OldHeaderBytes + bytes <= text.Bytes;
        }

        private bool TryReserve(long end)
        {
            const int AtOnce = 4 * ImageLayout.PageBytes;
            if (end <= _reservedTo)
            {
                return true;
            }

            long goal = Math.Min((end + AtOnce - 1) / AtOnce * AtOnce, NewHalf);
            bool hasMemory = image.Reserve(_to.Offset + _reservedTo, goal - _reservedTo) == Protocol.Errno.None;
            _reservedTo = hasMemory ? goal : _reservedTo;
            return hasMemory;
        }

        private static void Copy(ReadOnlySpan<byte> block, int count, Span<byte> target)
        {
            int from = OldHeaderBytes;
            int end = 0;
            for (int tag = 0; tag < OldTexts; tag++)
            {
                int length = LengthOf(block, tag);
                if (length > 0)
                {
                    TextBlockFormat.Append(target, tag, block.Slice(from, length), count, ref end);
                }

                from += length;
            }
        }

        private static int LengthOf(ReadOnlySpan<byte> block, int tag) => BitConverter.ToUInt16(block[(2 * tag)..]);
    }
}
