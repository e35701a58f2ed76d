using System;

namespace Daemonproxy.Tests.Allocation;

/// <summary>
/// Measures what this thread allocates. A collection in the middle, which another thread may cause, counts the rest of
/// the thread's block as allocated: so the least of a few attempts is the truth. What allocates does so in each.
/// </summary>
internal static class Allocated
{
    public static long By(Action work)
    {
        const int Attempts = 3;
        long least = long.MaxValue;
        for (int i = 0; i < Attempts && least > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
