using System;
using System.Diagnostics;
using System.Threading;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>How long a test waits before it fails. Nothing waits that long when all is well.</summary>
internal sealed class Patience
{
    private static readonly TimeSpan Whole = TimeSpan.FromSeconds(20);
    private readonly long _start = Stopwatch.GetTimestamp();

    public TimeSpan Left
    {
        get
        {
            TimeSpan left = Whole - Stopwatch.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>For what has no event to wait for: looks again and again, up to the end of patience.</summary>
    public static void Until(Func<bool> isSo, string description, Func<string>? found = null)
    {
        Patience patience = new();
        while (!isSo())
        {
            if (patience.Left == TimeSpan.Zero)
            {
                throw new TestFailure($"{description}: not so", found?.Invoke() ?? string.Empty);
            }

            Thread.Sleep(2);
        }
    }
}
