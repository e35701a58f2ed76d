using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text;
using System.Threading;

namespace Daemonproxy.Load.Workloads;

/// <summary>Lines that are sent one by one, each when the one before was answered.</summary>
internal static class Ping
{
    /// <summary>Nanoseconds that each of so many echoes took.</summary>
    public static List<long> Times(Conversation controller, int count, int pauseMilliseconds = 0) =>
        Times(controller, count, n => $"echo\tword {n}", pauseMilliseconds);

    /// <summary>
    /// Nanoseconds that each of so many lines took until what comes behind its last TAB was told, which must be unique.
    /// After each there is a pause.
    /// </summary>
    public static List<long> Times(
        Conversation controller, int count, Func<int, string> line, int pauseMilliseconds = 0)
    {
        List<long> times = [];
        for (int asked = 0; asked < count; asked++)
        {
            byte[] sent = Encoding.ASCII.GetBytes(line(asked) + "\n");
            byte[] wanted = sent[(sent.AsSpan().LastIndexOf((byte)'\t') + 1)..];
            long before = Stopwatch.GetTimestamp();
            controller.RunUntil(sent, wanted, 1);
            times.Add(Stopwatch.GetTimestamp() - before);
            Thread.Sleep(pauseMilliseconds);
        }

        return times;
    }
}
