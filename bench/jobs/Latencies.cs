using System;
using System.Collections.Generic;
using System.Globalization;

namespace Daemonproxy.JobsBench;

/// <summary>The durations of something, each time.</summary>
internal sealed class Latencies
{
    private readonly List<double> _milliseconds = [];

    public void Add(TimeSpan time) => _milliseconds.Add(time.TotalMilliseconds);

    public override string ToString()
    {
        _milliseconds.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"p50 {At(0.5):0.00}, p90 {At(0.9):0.00}, p99 {At(0.99):0.00}, most {_milliseconds[^1]:0.00} ms");
    }

    private double At(double part) => _milliseconds[(int)(part * (_milliseconds.Count - 1))];
}
