using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>The control groups of runs.</summary>
internal abstract unsafe partial class SystemCalls
{
    /// <summary>
    /// The descriptor by which helpers watch control groups, inotify(7). It is made at the first call; none where the
    /// kernel has no more of them.
    /// </summary>
    public abstract FdNumber WatchGroups();

    /// <summary>True once after the last process of a watched group has ended.</summary>
    public abstract bool TakeGroupNotice();
}
