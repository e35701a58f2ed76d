using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Processes;

/// <summary>
/// Takes children that have ended from the kernel, one after the other. The kernel stores each one in the image's
/// header, and there it stays until its owner has announced its end: a crash in between loses none.
/// </summary>
internal sealed class Reaper(
    SystemCalls kernel,
    StateImage image,
    Statistics statistics,
    Log log,
    IChildOwner owner,
    IChildOwner helpers) : EventSource
{
    // Without waitid(2) and wait4(2) no end of a service is ever noticed. This is logged, at most once a minute.
    private const int RefusalSeconds = 60;
    private Instant _nextRefusal = Instant.None;

    public override void Run(TurnStep step, ref Instant now) => ReapAll(now);

    /// <summary>Takes every child that has ended.</summary>
    public void ReapAll(Instant now)
    {
        ref ReapedChild child = ref image.Header.Reaped;
        while (true)
        {
            Errno refusal = kernel.Reap(ref child);
            if (child.Pid.IsNone)
            {
                LogRefusal(refusal, now);
                return;
            }

            image.Pass(CrashPoint.Reaped);
            Finish(now);
        }
    }

    private void LogRefusal(Errno refusal, Instant now)
    {
        if (refusal != Errno.None && now >= _nextRefusal && log.Wants(LogLevel.Error))
        {
            _nextRefusal = now + new Seconds(RefusalSeconds);
            LineWriter line = log.Begin(LogLevel.Error);
            line.Text("cannot wait for services, and so not tell when they end: "u8);
            line.Errno(refusal);
            log.End(ref line);
        }
    }

    /// <summary>
    /// Deals with the child in the image's header. <paramref name="wasService"/>: the process image before this one
    /// had found it to be a service, and may have announced its end.
    /// </summary>
    public void Finish(Instant now, bool wasService = false)
    {
        ReapedChild child = image.Header.Reaped;
        bool isHelper = helpers.TryEnd(child, now);
        bool isService = !isHelper && (owner.TryEnd(child, now) || wasService);
        image.Pass(CrashPoint.ReapedTold);
        if (!isHelper)
        {
            statistics.Add(isService ? Counter.ReapsServices : Counter.ReapsStrangers);
        }

        image.Header.Work.Service = -1;
        image.Header.Reaped = default;
    }
}
