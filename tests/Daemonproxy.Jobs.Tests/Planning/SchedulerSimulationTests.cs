using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Jobs.Planning;
using Xunit;

namespace Daemonproxy.Jobs.Tests.Planning;

/// <summary>
/// Random jobs, with an application and a daemon that are killed, a disk that is full and connections that are lost.
/// JOBS_SEEDS in the environment says how many runs.
/// </summary>
public sealed class SchedulerSimulationTests
{
    private const int TroubledTurns = 150;
    private const int QuietTurns = 400;
    private const int MostInAQueue = 2;
    private const int Most = 4;

    [Fact]
    public void NothingIsLostAndNothingIsStartedTwice()
    {
        string? given = Environment.GetEnvironmentVariable("JOBS_SEEDS");
        int seeds = given is { Length: > 0 } ? int.Parse(given, CultureInfo.InvariantCulture) : 300;
        for (int seed = 0; seed < seeds; seed++)
        {
            string? problem = Run(seed, isCanary: false);
            Assert.True(problem is null, $"seed {seed}: {problem}");
        }
    }

    [Fact]
    public void AnEndThatIsNotRecordedFirstIsFound() =>
        Assert.Contains(Enumerable.Range(0, 300), static seed => Run(seed, isCanary: true) is not null);

    private static string? Run(int seed, bool isCanary)
    {
        var random = new Random(seed);
        var daemon = new SimDaemon(random);
        var limits = new SchedulerLimits(Most, MostInAQueue, new Dictionary<string, int>(), TimeSpan.FromSeconds(1));
        var application = new SimApplication(random, daemon, limits) { DeletesBeforeRecording = isCanary };
        HashSet<string> stopped = [];
        DateTimeOffset epoch = new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);
        long milliseconds = 1_000_000;
        Moment Now() => new(milliseconds, epoch.AddMilliseconds(milliseconds));
        application.Connect(Now());
        int accepted = 0;
        for (int turn = 0; turn < TroubledTurns; turn++)
        {
            milliseconds += random.Next(300);
            Disturb(random, daemon, application, ref accepted, stopped, Now());
            application.Work(Now());
            daemon.Tick(milliseconds, isQuick: false);
            if (Broken(daemon, application) is { } problem)
            {
                return $"turn {turn}: {problem}";
            }
        }

        application.IsTroubled = application.IsDiskFull = false;
        application.Connect(Now());
        for (int turn = 0; turn < QuietTurns; turn++)
        {
            milliseconds += 1000;
            daemon.Tick(milliseconds, isQuick: true);
            application.Work(Now());
            if (Broken(daemon, application) is { } problem)
            {
                return $"quiet turn {turn}: {problem}";
            }
        }

        return AtRest(daemon, application, stopped);
    }

    private static void Disturb(
        Random random, SimDaemon daemon, SimApplication application, ref int accepted, HashSet<string> stopped,
        Moment now)
    {
        switch (random.Next(16))
        {
            case 0 or 1 or 2 or 3:
                accepted++;
                application.Accept(
                    new JobTerms($"j{accepted}", $"n{accepted}", accepted, $"q{random.Next(3)}")
                    {
                        Created = now.Wall,
                        TimeLimit = random.Next(3) == 0 ? TimeSpan.FromMilliseconds(random.Next(1500)) : null,
                        Retries = new JobRetries(random.Next(3)) { FirstDelay = TimeSpan.FromMilliseconds(300) },
                    },
                    now);
                break;
            case 4 when accepted > 0:
                string id = $"j{random.Next(accepted) + 1}";
                application.Stop(id, now);
                stopped.Add(id);
                break;
            case 5:
                application.Crash(now);
                break;
            case 6:
                application.LoseConnection(now);
                break;
            case 7 when random.Next(4) == 0:
                application.LoseConnection(now);
                daemon.Restart();
                break;
            case 8:
                application.IsDiskFull = random.Next(3) == 0;
                break;
            default:
                application.Connect(now);
                break;
        }
    }

    // What holds at each moment.
    private static string? Broken(SimDaemon daemon, SimApplication application)
    {
        foreach (((string id, int attempt), int count) in daemon.Starts)
        {
            if (count > 1)
            {
                return $"{id}, try {attempt}, was started {count} times";
            }

            if (!application.Disk.TryGetValue(id, out Job? job))
            {
                return $"{id} was started and is not recorded";
            }

            if (attempt > 1 + job.Terms.Retries.Most)
            {
                return $"{id} was tried {attempt} times";
            }
        }

        foreach (IGrouping<string, SimService> queue in daemon.Services
            .Where(static service => service.Standing is ServiceStanding.Up or ServiceStanding.Waiting)
            .GroupBy(service => application.Disk[service.Id].Terms.Queue))
        {
            if (queue.Count() > MostInAQueue)
            {
                return $"{queue.Count()} jobs of {queue.Key} run at once";
            }
        }

        return null;
    }

    private static string? AtRest(SimDaemon daemon, SimApplication application, HashSet<string> stopped)
    {
        if (application.Unfinished.FirstOrDefault() is { } unfinished)
        {
            return $"{unfinished.Terms.Id} does not end: {unfinished.Phase}, try {unfinished.Attempt}";
        }

        if (daemon.Services.FirstOrDefault() is { } left)
        {
            return $"the daemon still has {left.Id}";
        }

        foreach (Job job in application.Disk.Values)
        {
            (string Id, int Attempt) run = (job.Terms.Id, job.Attempt);
            bool ended = daemon.Ends.TryGetValue(run, out int code);
            string? problem = job.Outcome switch
            {
                JobStatus.Succeeded when !ended || code != 0 => "succeeded and did not",
                JobStatus.Failed when !ended || code == 0 => "failed and did not",
                JobStatus.Lost when daemon.Restarts == 0 => "is lost without a reason",
                JobStatus.Stopped when !stopped.Contains(job.Terms.Id) => "is stopped and nobody asked",
                JobStatus.TimedOut when job.Terms.TimeLimit is null => "timed out without a limit",
                JobStatus.Failed when job.Attempt <= job.Terms.Retries.Most && !stopped.Contains(job.Terms.Id) =>
                    "was not tried again",
                _ when !job.IsOver => $"is {job.Status} on the disk",
                _ => null,
            };
            if (problem is not null)
            {
                return $"{job.Terms.Id} {problem}";
            }
        }

        return null;
    }
}
