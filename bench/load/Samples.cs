using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Daemonproxy.Load;

/// <summary>The results of one measure, one for each round.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public double Median
    {
        get
        {
            double[] sorted = [.. _values.Order()];
            int middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    public void Add(double value) => _values.Add(value);

    /// <summary>Median, least and most.</summary>
    public override string ToString() => _values.Count == 1
        ? Shown(_values[0])
        : $"{Shown(Median)} ({Shown(_values.Min())}–{Shown(_values.Max())})";

    /// <summary>Three digits that count.</summary>
    public static string Shown(double value)
    {
        double size = Math.Abs(value);
        string format = size switch
        {
            0 => "0",
            < 0.1 => "0.0000",
            < 1 => "0.000",
            < 10 => "0.00",
            < 100 => "0.0",
            _ => "0",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
