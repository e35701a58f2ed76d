using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Daemonproxy.ClientBench;

/// <summary>Runs workloads in processes of both builds by turns, and prints medians, ranges and ratios.</summary>
internal sealed class Turns(string daemon, string? other, int rounds)
{
    private static readonly string _own = Path.ChangeExtension(typeof(Turns).Assembly.Location, null);

    public void Measure(string workload)
    {
        List<Dictionary<string, double>> own = [];
        List<Dictionary<string, double>> others = [];
        for (int round = 0; round < rounds; round++)
        {
            own.Add(Run(_own, workload));
            if (other is not null)
            {
                others.Add(Run(other, workload));
            }
        }

        foreach (string figure in own[0].Keys)
        {
            (double median, string text) = Summary(own, figure);
            Console.Write($"{workload,-10} {figure,-28} {text,-28}");
            if (others.Count > 0 && others[0].ContainsKey(figure))
            {
                (double before, string was) = Summary(others, figure);
                Console.Write(string.Create(
                    CultureInfo.InvariantCulture, $" other {was,-28} ratio {median / before:0.00}"));
            }

            Console.WriteLine();
        }
    }

    private static (double Median, string Text) Summary(List<Dictionary<string, double>> all, string figure)
    {
        double[] values = [.. all.Select(one => one[figure]).Order()];
        double median = values[values.Length / 2];
        return (median, string.Create(
            CultureInfo.InvariantCulture, $"{median:0.###} ({values[0]:0.###}–{values[^1]:0.###})"));
    }

    private Dictionary<string, double> Run(string program, string workload)
    {
        var start = new ProcessStartInfo(program, ["--run", workload, Path.GetFullPath(daemon)])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToDictionary(
                fields => fields[0], fields => double.Parse(fields[1], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"{program} {workload}: exit code {process.ExitCode}");
    }
}
