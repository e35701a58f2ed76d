using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>An input that is a file which may stop answering, such as a config on NFS: its copy is read.</summary>
internal sealed partial class Connection
{
    /// <summary>Nothing is read before a helper has copied the input.</summary>
    public void AwaitCopy()
    {
        _helpers.NoteSlow();
        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.WaitsForCopy = true;
    }

    /// <summary>
    /// A helper has copied the input, or could not. Returns the descriptor so far, to be closed; none if it is kept: a
    /// standard stream, and a file on a kernel that has no files of memory.
    /// </summary>
    public FdNumber EndCopy(ref HelperAnswer answer)
    {
        FdNumber former = Record.Input;
        bool hasCopy = answer.Reason == Errno.None;
        bool isReadable = answer.Reason is Errno.None or Errno.ENOSYS or Errno.EPERM;
        _mayHaveLine = true;
        if (!isReadable)
        {
            LogUnreadable(answer.Reason);
        }

        using RecordWriter<ConnectionRecord> change = Change();
        change.Record.WaitsForCopy = false;
        change.Record.InputEnded = !isReadable;
        if (hasCopy)
        {
            change.Record.Input = answer.Fd;
            change.Record.InputIdentity = answer.Identity;
            answer.Fd = FdNumber.None;
        }

        return hasCopy && former.Value > 2 ? former : FdNumber.None;
    }
}
