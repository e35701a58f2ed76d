using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Daemonproxy.Load;

/// <summary>The programs of bench/floor: services that cost nothing themselves, and a bare loop in C.</summary>
internal sealed class Floor(string folder)
{
    private const double NanosecondsInMicrosecond = 1000;

    /// <summary>Tells when it ran, and ends.</summary>
    public string Stamp => Existing("stamp");

    /// <summary>Tells when it began, and stays.</summary>
    public string Stay => Existing("stay");

    /// <summary>Ends.</summary>
    public string End => Existing("end");

    public string Lines => Existing("lines");

    /// <summary>The present cost of bare vfork, exec and wait, one run after the other.</summary>
    public IEnumerable<(string Measure, double Value)> Spawn(string scratch, int runs) =>
        Measure("spawn", Stamp, runs.ToString(CultureInfo.InvariantCulture), Path.Combine(scratch, "floor"));

    /// <summary>The present cost of bare vfork, exec and wait, all runs at once.</summary>
    public IEnumerable<(string Measure, double Value)> Burst(string program, int runs) =>
        Measure("burst", program, runs.ToString(CultureInfo.InvariantCulture));

    /// <summary>The time that two bare processes wait for each other, alone and beside a bare loop of runs.</summary>
    public IEnumerable<(string Measure, double Value)> Answer(string program, int count) =>
        Measure("answer", program, count.ToString(CultureInfo.InvariantCulture));

    private IEnumerable<(string Measure, double Value)> Measure(string name, params string[] words)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(Existing(name), words) { RedirectStandardOutput = true })!;
        while (process.StandardOutput.ReadLine()?.Split('\t') is [string what, string nanoseconds])
        {
            double value = double.Parse(nanoseconds, CultureInfo.InvariantCulture) / NanosecondsInMicrosecond;
            yield return ($"floor: {what}, µs", value);
        }

        process.WaitForExit();
    }

    private string Existing(string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path)
            ? path
            : throw new ArgumentException($"there is no program {path}: `make floor` compiles it, see --floor");
    }
}
