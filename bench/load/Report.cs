using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Daemonproxy.Load;

/// <summary>All measures of all workloads and daemons, in the order in which they first came.</summary>
internal sealed class Report(IReadOnlyList<string> daemons)
{
    private readonly List<(string Workload, string Measure, Samples[] Samples)> _rows = [];

    public void Add(int daemon, string workload, string measure, double value)
    {
        int row = _rows.FindIndex(row => row.Workload == workload && row.Measure == measure);
        if (row < 0)
        {
            row = _rows.Count;
            _rows.Add((workload, measure, [.. daemons.Select(_ => new Samples())]));
        }

        _rows[row].Samples[daemon].Add(value);
    }

    /// <summary>The findings of a workload with the first daemon.</summary>
    public (string Measure, double Value)[] Of(string workload) =>
        [.. _rows.Where(row => row.Workload == workload).Select(row => (row.Measure, row.Samples[0].Median))];

    /// <summary>A table in plain text: a block for each workload, a column for each daemon.</summary>
    public void Write(TextWriter output)
    {
        for (int daemon = 0; daemon < daemons.Count; daemon++)
        {
            output.WriteLine($"{(char)('A' + daemon)}: {daemons[daemon]}");
        }

        List<string[]> table = [Heading()];
        string last = string.Empty;
        foreach ((string workload, string measure, Samples[] samples) in _rows)
        {
            List<string> cells = [workload == last ? string.Empty : workload, measure];
            cells.AddRange(samples.Select(sample => sample.ToString()));
            if (samples.Length == 2)
            {
                double second = samples[1].Median;
                cells.Add(second == 0 ? "-" : Samples.Shown(samples[0].Median / second));
            }

            table.Add([.. cells]);
            last = workload;
        }

        int[] widths = [.. Enumerable.Range(0, table[0].Length).Select(column => table.Max(row => row[column].Length))];
        foreach (string[] row in table)
        {
            IEnumerable<string> padded = row.Select(
                (cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            output.WriteLine(string.Join("  ", padded).TrimEnd());
        }
    }

    private string[] Heading() => daemons.Count == 2 ? ["", "", "A", "B", "A / B"] : ["", "", "A"];
}
