using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>The end of control groups: inotify(7) of their cgroup.events, cgroups(7).</summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    /// <summary>Room for many records, struct inotify_event, which have 16 bytes without a name.</summary>
    private const int GroupRecordsBytes = 1024;

    private static readonly PollToken s_groupsToken = new(PollTokenKind.Signals, 2, 0);

    private FdNumber _groups = FdNumber.None;
    private bool _hasGroupNotice;

    public override FdNumber WatchGroups()
    {
        if (!_groups.IsNone)
        {
            return _groups;
        }

        nint made = RawCalls.Call(RawCalls.Number(294, 26), O_CLOEXEC | O_NONBLOCK, 0, 0, 0, 0);
        _groups = made < 0 ? FdNumber.None : AboveStandard((int)made);
        if (!_groups.IsNone
            && SetPollInterest(_groups, PollInterest.Read, s_groupsToken, again: false) != Errno.None)
        {
            _ = close(_groups.Value);
            _groups = FdNumber.None;
        }

        return _groups;
    }

    public override bool TakeGroupNotice()
    {
        bool isTaken = _hasGroupNotice;
        _hasGroupNotice = false;
        return isTaken;
    }

    // What is left is read after the next wait.
    private void ReadGroupNotices()
    {
        byte* records = stackalloc byte[GroupRecordsBytes];
        _hasGroupNotice |= NativeMethods.read(_groups.Value, records, GroupRecordsBytes) > 0;
    }
}
