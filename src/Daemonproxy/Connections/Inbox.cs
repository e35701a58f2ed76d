using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>What taking a line from an inbox gave.</summary>
internal enum LineResult
{
    /// <summary>A line, without its LF.</summary>
    Line,

    /// <summary>A line that is too long; the rest of it will be discarded.</summary>
    TooLong,

    /// <summary>The beginning of a line, or nothing.</summary>
    Incomplete,
}

/// <summary>The receive buffer of one controller: filled at its end, lines taken from its start.</summary>
internal sealed class Inbox(Region<ConnectionRecord> records, ByteRegion buffers, int index)
{
    private const byte LineFeed = (byte)'\n';

    /// <summary>Bytes that were not taken yet.</summary>
    public int Length => records[index].Inbox.Length;

    /// <summary>Whether a read has room for at least one byte.</summary>
    public bool HasRoom => records[index].Inbox.End < buffers.BufferBytes || CanCompact;

    /// <summary>Whether there is a line to be taken, or one that is too long.</summary>
    public bool HasLine
    {
        get
        {
            BufferRange extent = records[index].Inbox;
            return extent.Length >= Limits.Line
                || buffers[index][extent.Start..extent.End].Contains(LineFeed);
        }
    }

    // Only to a place that it does not overlap: a crash in between leaves the bytes where they were.
    private bool CanCompact
    {
        get
        {
            BufferRange extent = records[index].Inbox;
            return extent.Start > 0 && extent.Start >= extent.Length;
        }
    }

    /// <summary>
    /// One read into the free tail. Success that adds nothing is the end of input. A socket may bring descriptors;
    /// those for which the record has no room are surplus.
    /// </summary>
    public Errno Fill(SystemCalls kernel, Span<FdNumber> surplus, out int surplusCount, out int added)
    {
        if (CanCompact)
        {
            BufferRange extent = records[index].Inbox;
            Span<byte> buffer = buffers[index];
            buffer[extent.Start..extent.End].CopyTo(buffer);
            records.Pass(CrashPoint.InboxMoved);
            SetExtent(new BufferRange { End = extent.Length });
        }

        int before = records[index].Inbox.End;
        using RecordWriter<ConnectionRecord> change = records.Change(index);
        ref ConnectionRecord record = ref change.Record;
        Span<byte> free = buffers[index][before..];
        surplusCount = 0;
        Errno errno = record.InputIdentity.Kind == FdKind.Socket
            ? kernel.Receive(
                record.Input, free, ref record.Inbox.End, record.Passed, ref record.PassedCount, surplus,
                out surplusCount)
            : kernel.Read(record.Input, free, ref record.Inbox.End);
        added = record.Inbox.End - before;
        return errno;
    }

    /// <summary>Finds a line; it is there until it is taken with <see cref="Take"/>.</summary>
    public LineResult TryFind(out int offset, out int length)
    {
        BufferRange extent = records[index].Inbox;
        ReadOnlySpan<byte> waiting = buffers[index][extent.Start..extent.End];
        int lineFeed = waiting.IndexOf(LineFeed);
        offset = extent.Start;
        length = lineFeed;
        return (uint)lineFeed < Limits.Line ? LineResult.Line
            : waiting.Length < Limits.Line ? LineResult.Incomplete
            : LineResult.TooLong;
    }

    /// <summary>Takes a line that was found, with its LF; its bytes stay in place until the next Fill.</summary>
    public void Take(int offset, int length)
    {
        int end = records[index].Inbox.End;
        SetExtent(new BufferRange { Start = Math.Min(offset + length + 1, end), End = end });
    }

    /// <summary>Finds an unfinished line at the end of input.</summary>
    public void FindRest(out int offset, out int length)
    {
        BufferRange extent = records[index].Inbox;
        offset = extent.Start;
        length = extent.Length;
    }

    /// <summary>Drops bytes up to and with the next LF; whether there was one.</summary>
    public bool DiscardLine()
    {
        BufferRange extent = records[index].Inbox;
        int lineFeed = buffers[index][extent.Start..extent.End].IndexOf(LineFeed);
        int start = lineFeed < 0 ? extent.End : extent.Start + lineFeed + 1;
        SetExtent(new BufferRange { Start = start, End = extent.End });
        return lineFeed >= 0;
    }

    /// <summary>Bytes of the buffer, for a line taken before.</summary>
    public ReadOnlySpan<byte> Slice(int offset, int length) => buffers[index].Slice(offset, length);

    private void SetExtent(BufferRange extent)
    {
        using RecordWriter<ConnectionRecord> change = records.Change(index);
        change.Record.Inbox = extent;
    }
}
