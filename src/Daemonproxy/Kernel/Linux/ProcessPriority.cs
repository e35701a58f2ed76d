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

    // Since it was raised here, by this process image.
    private static bool s_isRaised;

    /// <summary>
    /// Raises it, if it is that of an ordinary program and the kernel permits it. Children have the nice value 0. With
    /// RLIMIT_NICE alone the flag could not be taken back, sched(7).
    /// </summary>
    public static void Raise()
    {
        if (RawCalls.Scheduler() != SCHED_OTHER || RawCalls.Nice() != 0 || !HasCapability()
            || RawCalls.SetNice(Raised) < 0)
        {
            return;
        }

        s_isRaised = RawCalls.SetScheduler(SCHED_OTHER | SCHED_RESET_ON_FORK, 0) >= 0;
        if (!s_isRaised)
        {
            _ = RawCalls.SetNice(0);
        }
    }

    /// <summary>As it was before, also if a process image that crashed has raised it.</summary>
    public static void Restore()
    {
        bool isFlagged = RawCalls.Scheduler() == (SCHED_OTHER | SCHED_RESET_ON_FORK);
        bool isNice = RawCalls.Nice() == Raised;
        if (isFlagged && (isNice || s_isRaised))
        {
            _ = isNice ? RawCalls.SetNice(0) : 0;
            _ = RawCalls.SetScheduler(SCHED_OTHER, 0);
        }

        s_isRaised = false;
    }

    // CAP_SYS_NICE, capget(2).
    private static unsafe bool HasCapability()
    {
        const uint version3 = 0x20080522;
        const int niceBit = 23;
        ulong header = version3;
        uint* sets = stackalloc uint[6];
        nint result = RawCalls.Call(RawCalls.Number(125, 90), (nint)(&header), (nint)sets, 0, 0, 0);
        return result >= 0 && ((*sets >> niceBit) & 1) != 0;
    }
}
