using System;
using Daemonproxy.Descriptors;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Commands;

/// <summary>
/// The helper of the command that runs. The command starts it and is postponed: its line runs again when the helper has
/// answered, and then takes the answer.
/// </summary>
internal sealed class CommandHelper(CommandContext context, HelperTable helpers)
{
    /// <summary>Takes the answer of the helper that the line has started; false when it has not started one.</summary>
    public bool TryTakeAnswer(out HelperAnswer answer) => TryTakeAnswer(out answer, out _);

    /// <summary>Takes the answer, and the slot, in which the path is until it is used again.</summary>
    public bool TryTakeAnswer(out HelperAnswer answer, out HelperSlot slot) =>
        helpers.TryTakeAnswer(context.Connection.Index, out answer, out slot);

    /// <summary>True if a helper can be started. If not, the line is postponed, and runs again when one can.</summary>
    public bool IsFree()
    {
        bool isFree = helpers.HasFree;
        if (!isFree)
        {
            context.Postpone();
        }

        return isFree;
    }

    /// <summary>A plan to be completed, if a helper can be started: see <see cref="IsFree"/>.</summary>
    public bool TryPrepare(HelperTask task, ReadOnlySpan<byte> path, out HelperSlot slot)
    {
        bool isPrepared = helpers.TryPrepare(task, path, out slot);
        if (!isPrepared)
        {
            context.Postpone();
        }

        return isPrepared;
    }

    /// <summary>Starts the helper, and postpones the line; the reason when the kernel refuses.</summary>
    public Errno Start(HelperSlot slot)
    {
        Errno refused = helpers.Start(slot, context.Connection.Index);
        if (refused == Errno.None)
        {
            context.Postpone();
        }

        return refused;
    }

    /// <summary>
    /// Removes the file of a socket whose name is given to another descriptor. No command waits for it: without a
    /// helper the file stays, and the next socket there replaces it.
    /// </summary>
    public void RemoveFile(in SocketFile file)
    {
        if (!file.IsNone && helpers.TryPrepare(HelperTask.RemoveSocketFile, default, out HelperSlot slot))
        {
            file.Plan(ref slot.Plan);
            helpers.Start(slot, HelperRecord.NoConnection);
        }
    }

    /// <summary>Closes a descriptor that a helper made, or that came from outside.</summary>
    public void Close(FdNumber fd, FdBlocking blocking) => helpers.Closer.Close(fd, blocking);
}
