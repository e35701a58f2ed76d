using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Daemonproxy.Client;

namespace Daemonproxy.ClientBench;

/// <summary>
/// Events received by the client and by hand, by turns in one process, round by round, so that all have the same
/// conditions. The client makes a typed event of each line and passes it on to a subscriber; with a model it follows
/// the state, too. "By hand" does the same. "The least by hand" reads lines and does neither.
/// </summary>
internal static class EventRace
{
    private const int EventsOfRound = 16_000;
    private const int WarmUp = 3;
    private const int Rounds = 40;

    public static async Task<string> RunAsync(bool withModel)
    {
        string path = Path.Combine(Path.GetTempPath(), $"daemonproxy-events-{Environment.ProcessId}");
        using Process source = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--source", path])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            await source.StandardOutput.ReadLineAsync();
            return await RunAsync(path, withModel);
        }
        finally
        {
            source.Kill();
            File.Delete(path);
        }
    }

    private static async Task<string> RunAsync(string path, bool withModel)
    {
        await using ByHand least = new(path, EventsOfRound);
        await using ByHand hand = new(path, EventsOfRound);
        hand.Begin(withModel);
        await using DaemonConnection connection = await DaemonConnection.ConnectAsync(path);
        DaemonState? state = withModel ? await connection.FollowStateAsync() : null;
        await using IAsyncEnumerator<DaemonEvent> events = connection.ReadEventsAsync().GetAsyncEnumerator();
        Usage ofClient = new();
        Usage ofHand = new();
        Usage ofLeast = new();
        for (int round = -WarmUp; round < Rounds; round++)
        {
            await ofClient.MeasureAsync(round, async () =>
            {
                _ = connection.RunAsync("go", $"{EventsOfRound}");
                return await ReadAsync(events);
            });
            await ofHand.MeasureAsync(round, () => hand.CountUpEventsAsync(EventsOfRound));
            await ofLeast.MeasureAsync(round, () => least.CountUpsAsync(EventsOfRound));
        }

        if (state is not null && (state.Current.Services.Count != EventSource.Services || hand.Up != 0))
        {
            throw new InvalidOperationException("A model is wrong.");
        }

        return ofClient.Lines("") + ofHand.Lines(" by hand") + Line("CPU times by hand", ofHand.Cpu / ofClient.Cpu)
            + Line("times by hand", ofHand.Time / ofClient.Time) + ofLeast.Lines(", the least by hand")
            + Line("CPU times the least by hand", ofLeast.Cpu / ofClient.Cpu)
            + Line("times the least by hand", ofLeast.Time / ofClient.Time);
    }

    private static string Line(string figure, double value) => Workloads.Line(figure, value);

    private static async Task<int> ReadAsync(IAsyncEnumerator<DaemonEvent> events)
    {
        int ups = 0;
        for (int number = 0; number < EventsOfRound; number++)
        {
            await events.MoveNextAsync();
            switch (events.Current)
            {
                case ServiceStateUpEvent up when up.Pid > 0:
                    ups++;
                    break;
                case OverflowEvent:
                    throw new InvalidOperationException("Events were lost.");
            }
        }

        return ups;
    }

    /// <summary>The time and the memory of the rounds of one of them.</summary>
    private sealed class Usage
    {
        private long _bytes;

        /// <summary>Microseconds of processor time of the process.</summary>
        public double Cpu { get; private set; }

        /// <summary>Microseconds from begin to end.</summary>
        public double Time { get; private set; }

        public async Task MeasureAsync(int round, Func<Task<int>> receive)
        {
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long begun = Stopwatch.GetTimestamp();
            int ups = await receive();
            if (ups != EventsOfRound / 4)
            {
                throw new InvalidOperationException($"{ups} services up");
            }

            if (round >= 0)
            {
                Time += Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
                Cpu += (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds;
                _bytes += GC.GetTotalAllocatedBytes(precise: true) - allocated;
            }
        }

        public string Lines(string whose)
        {
            const double all = (double)Rounds * EventsOfRound;
            return Line("CPU ns per event" + whose, 1000 * Cpu / all) + Line("ns per event" + whose, 1000 * Time / all)
                + Line("bytes per event" + whose, _bytes / all);
        }
    }
}
