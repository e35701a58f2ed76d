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
        new([settings.Daemons[daemon], "-i", .. settings.Options], settings.OverSocket);

    private void Measure(Workload workload, Session session, int daemon)
    {
        workload.Prepare(session);
        Usage.AwaitRest(session.Pid);
        long cpu = Usage.Cpu(session.Pid);
        long sleeps = Usage.Sleeps(session.Pid);
        long start = Stopwatch.GetTimestamp();
        int units = workload.Run(session);
        double wall = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        if (units == 0)
        {
            Report.Add(daemon, workload.Name, "wake-ups", Usage.Sleeps(session.Pid) - sleeps);
            Report.Add(daemon, workload.Name, "CPU, µs", (Usage.Cpu(session.Pid) - cpu) / NanosecondsInMicrosecond);
        }
        else
        {
            Usage.AwaitRest(session.Pid);
            double used = (Usage.Cpu(session.Pid) - cpu) / NanosecondsInMicrosecond;
            Report.Add(daemon, workload.Name, $"CPU, µs per {workload.Unit}", used / units);
            Report.Add(daemon, workload.Name, $"wall, µs per {workload.Unit}", wall / units);
        }

        (long rss, long anonymous, long shared) = Usage.Memory(session.Pid);
        Report.Add(daemon, workload.Name, "RSS, kB", rss);
        Report.Add(daemon, workload.Name, "RssAnon, kB", anonymous);
        Report.Add(daemon, workload.Name, "RssShmem, kB", shared);
    }

    private void Count(Workload workload, Session session, int daemon)
    {
        workload.Prepare(session);
        Usage.AwaitRest(session.Pid);
        using SystemCalls calls = new(session.Pid);
        int units = workload.Run(session);
        long count = calls.Stop();
        string measure = units == 0 ? "system calls" : $"system calls per 1,000 {workload.Unit}s";
        Report.Add(daemon, workload.Name, measure, units == 0 ? count : 1000.0 * count / units);
    }
}
