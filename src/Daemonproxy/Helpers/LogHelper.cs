using System;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Helpers;

/// <summary>Lets helpers write the log to a file that may stop answering.</summary>
internal sealed class LogHelper(HelperTable helpers, Log log) : ISlowFileWriter, IHelperOwner
{
    public bool TryWrite(FdNumber fd, ReadOnlySpan<byte> bytes, long ticket)
    {
        if (!helpers.TryPrepare(HelperTask.WriteLog, bytes, out HelperSlot slot))
        {
            return false;
        }

        slot.Plan.Bytes = bytes.Length;
        slot.Plan.Ticket = ticket;
        slot.Plan.Fds[0] = fd;
        slot.Plan.FdCount = 1;
        slot.Plan.FdsBegun = 1;
        return helpers.Start(slot, HelperRecord.NoConnection) == Errno.None;
    }

    // Waits for a helper that hangs: a second one would hang, too.
    public void Finish(HelperSlot slot, ref HelperAnswer answer, Instant now) =>
        log.FinishWrite(slot.Plan.Ticket, answer.Done, slot.PathRoom[answer.Done..slot.Plan.Bytes], now);
}
