using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>The send buffer of one controller: whole lines are appended, bytes are sent from its start.</summary>
internal sealed class Outbox(Region<ConnectionRecord> records, ByteRegion buffers, int index)
{
    // What a pipe that says it is writable takes at least, without blocking (PIPE_BUF on Linux).
    private const int MostPerSharedWrite = 4096;

    /// <summary>Bytes that were not sent yet.</summary>
    public int Length => records[index].Outbox.Length;

    public bool IsEmpty => Length == 0;

    /// <summary>Whether a line of so many bytes can be appended.</summary>
    public bool HasRoom(int bytes)
    {
        BufferRange extent = records[index].Outbox;
        bool compactable = extent.Start >= extent.Length;
        return bytes <= buffers.BufferBytes - (compactable ? extent.Length : extent.End);
    }

    /// <summary>Appends whole lines; false when there is no room.</summary>
    public bool TryAppend(ReadOnlySpan<byte> lines)
    {
        BufferRange extent = records[index].Outbox;
        Span<byte> buffer = buffers[index];
        if (lines.Length > buffer.Length - extent.End)
        {
            if (!HasRoom(lines.Length))
            {
                return false;
            }

            buffer[extent.Start..extent.End].CopyTo(buffer);
            records.Pass(CrashPoint.OutboxMoved);
            extent = new BufferRange { End = extent.Length };
            SetExtent(extent);
        }

        lines.CopyTo(buffer[extent.End..]);
        records.Pass(CrashPoint.OutboxWritten);
        SetExtent(new BufferRange { Start = extent.Start, End = extent.End + lines.Length });
        return true;
    }

    /// <summary>One write of all that waits; EAGAIN when the other side takes no more for now.</summary>
    public Errno Flush(SystemCalls kernel, FdNumber output, bool isShared)
    {
        while (!IsEmpty)
        {
            if (isShared && !kernel.IsWritable(output))
            {
                return Errno.EAGAIN;
            }

            int before = Length;
            Errno errno = Send(kernel, output, isShared ? Math.Min(before, MostPerSharedWrite) : before);
            if (errno != Errno.None)
            {
                return errno;
            }

            records.Pass(CrashPoint.WritePiece);
            if (!IsEmpty && !isShared)
            {
                return Errno.EAGAIN;
            }
        }

        return Errno.None;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => SetExtent(default);

    private Errno Send(SystemCalls kernel, FdNumber output, int bytes)
    {
        Errno errno;
        using (RecordWriter<ConnectionRecord> change = records.Change(index))
        {
            ref BufferRange extent = ref change.Record.Outbox;
            errno = kernel.Write(output, buffers[index].Slice(extent.Start, bytes), ref extent.Start);
        }

        if (IsEmpty)
        {
            Clear();
        }

        return errno;
    }

    private void SetExtent(BufferRange extent)
    {
        using RecordWriter<ConnectionRecord> change = records.Change(index);
        change.Record.Outbox = extent;
    }
}
