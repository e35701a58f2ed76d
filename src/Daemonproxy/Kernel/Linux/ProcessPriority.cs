using Daemonproxy.Kernel.SignalSafe;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// The daemon's share of the processors beside its children: with the same nice value, it waits behind each batch of
/// them that it has made (decision 63).
/// </summary>
internal static class ProcessPriority
{
    // Twice the weight of a program with the nice value 0.
    private const int Raised = -3;

    private const int SCHED_OTHER = 0;
    private const int SCHED_RESET_ON_FORK = 0x40000000;

    /// <summary>
    /// Raises it, if it is that of an ordinary program and the kernel permits it. Children have the nice value 0.
    /// </summary>
    public static void Raise()
    {
        if (RawCalls.Scheduler() != SCHED_OTHER || RawCalls.Nice() != 0 || RawCalls.SetNice(Raised) < 0)
        {
            return;
        }

        // In this order, since not everybody may take the flag back.
        if (RawCalls.SetScheduler(SCHED_OTHER | SCHED_RESET_ON_FORK, 0) < 0)
        {
            _ = RawCalls.SetNice(0);
        }
    }

    /// <summary>As it was before.</summary>
    public static void Restore()
    {
        if (RawCalls.Scheduler() == (SCHED_OTHER | SCHED_RESET_ON_FORK) && RawCalls.Nice() == Raised)
        {
            _ = RawCalls.SetNice(0);
            _ = RawCalls.SetScheduler(SCHED_OTHER, 0);
        }
    }
}
