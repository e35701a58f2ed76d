using System;
using System.Diagnostics;
using System.Threading;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>The time after which a test fails. Nothing waits that long when all is well.</summary>
internal sealed class Patience(TimeSpan whole)
{
    /// <summary>For what takes milliseconds on an idle machine.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(20);

    private readonly long _start = Stopwatch.GetTimestamp();

    public Patience()
        : this(Usual)
    {
    }

    public TimeSpan Left
    {
        get
        {
            TimeSpan left = whole - Stopwatch.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>For what has no event to wait for: looks again and again, up to the end of patience.</summary>
    public static void Until(
        Func<bool> isSo, string description, Func<string>? found = null, TimeSpan? whole = null)
    {
        Patience patience = new(whole ?? Usual);
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
