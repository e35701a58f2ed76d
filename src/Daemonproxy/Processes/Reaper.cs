using Daemonproxy.Kernel;
using Daemonproxy.Loop;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Processes;

/// <summary>Learns that children have ended.</summary>
internal interface IChildOwner
{
    /// <summary>
    /// Deals with the end of a child; false when the child is not one of the owner's. What the owner notes in the
    /// header's work note, the reaper clears.
    /// </summary>
    bool TryEnd(in ReapedChild child, Instant now);
}

/// <summary>
/// Takes children that have ended from the kernel, one after the other. The kernel stores each one in the image's
/// header, and there it stays until its owner has announced its end: a crash in between loses none.
/// </summary>
internal sealed class Reaper(SystemCalls kernel, StateImage image, Statistics statistics, IChildOwner owner)
    : IEventSource
{
    public void Run(TurnStep step, ref Instant now) => ReapAll(now);

    /// <summary>Takes every child that has ended.</summary>
    public void ReapAll(Instant now)
    {
        ref ReapedChild child = ref image.Header.Reaped;
        while (true)
        {
            kernel.Reap(ref child);
            if (child.Pid.IsNone)
            {
                return;
            }

            image.Pass(CrashPoint.Reaped);
            Finish(now);
        }
    }

    /// <summary>
    /// Deals with the child in the image's header. <paramref name="wasService"/>: the process image before this one
    /// had found it to be a service, and may have announced its end.
    /// </summary>
    public void Finish(Instant now, bool wasService = false)
    {
        ReapedChild child = image.Header.Reaped;
        bool isService = owner.TryEnd(child, now) || wasService;
        image.Pass(CrashPoint.ReapedTold);
        statistics.Add(isService ? Counter.ReapsServices : Counter.ReapsStrangers);
        image.Header.Work.Service = -1;
        image.Header.Reaped = default;
    }
}
