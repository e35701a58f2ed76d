using System;
using System.Collections.Generic;
using System.Text;

namespace Daemonproxy.Load.Workloads;

/// <summary>The unit in which the daemon's time is reported.</summary>
internal enum Cost
{
    /// <summary>Processor and wall time for each unit of work.</summary>
    PerUnit,

    /// <summary>Processor time and wake-ups of all of it.</summary>
    Whole,

    /// <summary>Not at all: the workload has findings of its own.</summary>
    None,
}

/// <summary>A kind of work, the same for every daemon.</summary>
internal abstract class Workload(string name, string unit, string description, Cost cost = Cost.PerUnit)
{
    public string Name => name;

    /// <summary>The unit of the costs.</summary>
    public string Unit => unit;

    public string Description => description;

    public Cost Cost => cost;

    /// <summary>True if the daemon's memory afterwards is of interest.</summary>
    public virtual bool TellsMemory => false;

    /// <summary>The findings of the last run besides its cost.</summary>
    public List<(string Measure, double Value)> Findings { get; } = [];

    /// <summary>All there are, in their usual order.</summary>
    public static Workload[] All(Settings settings) =>
    [
        new Echo(), new Tags(), new Define(), new Dump(), new Spawn(settings.Program, settings.Floor),
        new Storm(settings.Floor), new Start(settings.Floor), new Launch(settings.Floor),
        new SettingsOfAService(settings.Floor), new Restart(settings.Floor),
        new Load(), new Stall(), new Beside(), new Flood(),
        new Crowd(settings.Program, settings.Floor), new Idle(settings.IdleSeconds),
        new Many(settings.Floor, hasSettings: false),
        new Many(settings.Floor, hasSettings: true),
        new Controllers(), new Scale(settings),
    ];

    /// <summary>The preparation, before the measurement starts.</summary>
    public abstract void Prepare(Session session);

    /// <summary>Runs the measured work and returns the number of units.</summary>
    public abstract int Run(Session session);

    /// <summary>Notes the middle and the tail of many times, given in nanoseconds.</summary>
    protected void Find(string what, List<long> nanoseconds)
    {
        const double NanosecondsInMicrosecond = 1000;
        nanoseconds.Sort();
        foreach (int percent in (int[])[50, 99])
        {
            long value = nanoseconds[Math.Min(nanoseconds.Count * percent / 100, nanoseconds.Count - 1)];
            Findings.Add(($"{what} p{percent}, µs", value / NanosecondsInMicrosecond));
        }
    }

    /// <summary>One text of many lines.</summary>
    protected static string Lines(int count, Func<int, string> line)
    {
        StringBuilder text = new();
        for (int at = 0; at < count; at++)
        {
            text.Append(line(at)).Append('\n');
        }

        return text.ToString();
    }
}
