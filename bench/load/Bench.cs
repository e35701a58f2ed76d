using System;
using System.Diagnostics;
using Daemonproxy.Load.Workloads;

namespace Daemonproxy.Load;

/// <summary>Runs the workloads, round by round, the daemons by turns, each time with a new process.</summary>
internal sealed class Bench(Settings settings)
{
    private const double NanosecondsInMicrosecond = 1000;

    public Report Report { get; } = new(settings.Daemons);

    public void Run()
    {
        foreach (Workload workload in settings.Workloads())
        {
            Console.Error.WriteLine($"{workload.Name}…");
            for (int round = 0; round < settings.Rounds; round++)
            {
                for (int daemon = 0; daemon < settings.Daemons.Count; daemon++)
                {
                    using Session session = Start(daemon);
                    Measure(workload, session, daemon);
                }
            }

            for (int daemon = 0; settings.CountCalls && daemon < settings.Daemons.Count; daemon++)
            {
                using Session session = Start(daemon);
                Count(workload, session, daemon);
            }
        }
    }

    private Session Start(int daemon) =>
        new(settings.Daemons[daemon], settings.Options, settings.OverSocket);

    private void Measure(Workload workload, Session session, int daemon)
    {
        workload.Prepare(session);
        Usage.AwaitRest(session.Pid);
        long cpu = Usage.Cpu(session.Pid);
        long sleeps = Usage.Sleeps(session.Pid);
        long start = Stopwatch.GetTimestamp();
        int units = workload.Run(session);
        double wall = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        if (workload.Cost == Cost.PerUnit)
        {
            Usage.AwaitRest(session.Pid);
            double used = (Usage.Cpu(session.Pid) - cpu) / NanosecondsInMicrosecond;
            Report.Add(daemon, workload.Name, $"CPU, µs per {workload.Unit}", used / units);
            Report.Add(daemon, workload.Name, $"wall, µs per {workload.Unit}", wall / units);
        }
        else if (workload.Cost == Cost.Whole)
        {
            Report.Add(daemon, workload.Name, "wake-ups", Usage.Sleeps(session.Pid) - sleeps);
            Report.Add(daemon, workload.Name, "CPU, µs", (Usage.Cpu(session.Pid) - cpu) / NanosecondsInMicrosecond);
        }

        foreach ((string measure, double value) in workload.Findings)
        {
            Report.Add(daemon, workload.Name, measure, value);
        }

        workload.Findings.Clear();
        if (workload.TellsMemory)
        {
            (long rss, long anonymous, long shared) = Usage.Memory(session.Pid);
            Report.Add(daemon, workload.Name, "RSS, kB", rss);
            Report.Add(daemon, workload.Name, "RssAnon + RssShmem, kB", anonymous + shared);
        }
    }

    private void Count(Workload workload, Session session, int daemon)
    {
        if (workload.Cost == Cost.None)
        {
            return;
        }

        workload.Prepare(session);
        Usage.AwaitRest(session.Pid);
        using SystemCalls calls = new(session.Pid);
        int units = workload.Run(session);
        long count = calls.Stop();
        workload.Findings.Clear();
        bool isWhole = workload.Cost == Cost.Whole;
        string measure = isWhole ? "system calls" : $"system calls per 1,000 {workload.Unit}s";
        Report.Add(daemon, workload.Name, measure, isWhole ? count : 1000.0 * count / units);
    }
}
