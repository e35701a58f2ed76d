using System;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Helpers;

/// <summary>
/// The helpers that write the output of a session to a file that may stop answering: one at a time, without a time
/// limit. None is cancelled, since what it was writing might then be written twice; it has no descriptor that others
/// wait for.
/// </summary>
internal sealed partial class HelperTable
{
    /// <summary>The most bytes that one takes at a time.</summary>
    public const int MostOutput = HelperPlan.PathBytes - 1;

    // The output that is left at the end of the daemon, for a helper that may read it later.
    private readonly FixedArray<byte> _rest;
    private bool _hasRest;

    /// <summary>True while a helper writes the output of this connection.</summary>
    public bool IsWriting(int connection) => FindWriter(connection) is not null;

    /// <summary>True if there is a record of such a helper, although it may have ended.</summary>
    public bool HasWriter(int connection)
    {
        bool has = false;
        foreach (HelperSlot slot in _slots)
        {
            has |= !slot.IsFree && slot.Record.Task == HelperTask.WriteOutput && slot.Record.Writer == connection;
        }

        return has;
    }

    /// <summary>Starts a helper that writes these bytes, which are copied; false if that is impossible now.</summary>
    public bool TryWrite(int connection, FdNumber fd, ReadOnlySpan<byte> bytes) =>
        !IsWriting(connection)
        && TryPrepareWriter(connection, fd, bytes, out HelperSlot slot)
        && Start(slot, HelperRecord.NoConnection) == Errno.None;

    /// <summary>
    /// At the end of the daemon: a helper writes these bytes, which are copied, behind those of the one at work. One
    /// that another process image has started cannot be notified of these bytes, so they are lost.
    /// </summary>
    public void LeaveRest(int connection, FdNumber fd, ReadOnlySpan<byte> bytes)
    {
        HelperSlot? writer = FindWriter(connection);
        bool isRestInUse = _hasRest && writer is not null;
        if (bytes.IsEmpty || isRestInUse || writer is { HasPlan: false })
        {
            return;
        }

        _hasRest = true;
        bytes.CopyTo(_rest.Span);
        if (writer is not null)
        {
            writer.SetRest(_rest, bytes.Length);
            if (HelperWork.TryChange(ref writer.Plan.RemainderState, RemainderState.None, RemainderState.There))
            {
                return;
            }
        }

        if (TryPrepareWriter(connection, fd, default, out HelperSlot slot))
        {
            slot.SetRest(_rest, bytes.Length);
            slot.Plan.RemainderState = RemainderState.There;
            Start(slot, HelperRecord.NoConnection);
        }
    }

    private bool TryPrepareWriter(int connection, FdNumber fd, ReadOnlySpan<byte> bytes, out HelperSlot slot)
    {
        if (!TryPrepare(HelperTask.WriteOutput, bytes, out slot))
        {
            return false;
        }

        slot.Plan.Ticket = connection;
        slot.Plan.Bytes = bytes.Length;
        slot.Plan.Fds[0] = fd;
        slot.Plan.FdCount = 1;
        slot.Plan.FdsBegun = 1;
        return true;
    }

    private HelperSlot? FindWriter(int connection)
    {
        foreach (HelperSlot slot in _slots)
        {
            if (slot.HasProcess && slot.Record.Task == HelperTask.WriteOutput && slot.Record.Writer == connection)
            {
                return slot;
            }
        }

        return null;
    }

    // It goes on if it is there. One that was never made, or has ended in a crash, is handled here.
    private void KeepWriting(HelperSlot slot, Instant now)
    {
        Pid pid = slot.Record.Pid;
        bool isThere = slot.HasProcess && !pid.IsNone && (_kernel.IsChild(pid) || pid == _image.Header.Reaped.Pid);
        if (!isThere)
        {
            OwnerOf(slot)?.Finish(slot, ref slot.Plan.Answer, now);
            Discard(slot);
        }
    }
}
