using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Processes;

/// <summary>
/// Whether a process that the image names is a child of ours, as each one is that we launched, until it is reaped. One
/// that is not has a number that somebody else may have, who must not get its signals.
/// </summary>
/// <param name="kernel">Who knows.</param>
/// <param name="reaped">The child that was reaped and not dealt with: it is known, although it is no more.</param>
/// <param name="isParent">False where only a copy of the image is looked at: then it cannot be known.</param>
internal readonly struct ChildCheck(SystemCalls kernel, Pid reaped, bool isParent)
{
    public bool Passes(Pid pid) => !isParent || pid == reaped || kernel.IsChild(pid);
}
