using System;
using System.Collections.Generic;
using System.Globalization;
using Daemonproxy.Tests.Transcripts;
using Xunit;
using Xunit.Abstractions;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// Conversations that a seed decides, with invariants after every turn. One that fails is printed as a transcript,
/// which replays it. <c>make soak SEEDS=10000</c> runs more of them; <c>SIMULATION_FIRST=42 SIMULATION_SEEDS=1</c> runs
/// one again.
/// </summary>
public sealed class RandomTests(ITestOutputHelper output)
{
    private const int DefaultSeeds = 300;
    private const int LongSeeds = 2000;
    private const int Lines = 120;
    private const int LongLines = 280;

    // So many turns there are at least in the long suite.
    private const long LongTurns = 1_000_000;

    private static bool IsLong => Environment.GetEnvironmentVariable("DAEMONPROXY_LONG") == "1";

    [Fact]
    public void NothingThatHappensBreaksAnInvariant()
    {
        int first = Setting("SIMULATION_FIRST", 1);
        int seeds = Setting("SIMULATION_SEEDS", IsLong ? LongSeeds : DefaultSeeds);
        Activity activity = default;
        for (int seed = first; seed < first + seeds; seed++)
        {
            activity += Run(seed, IsLong ? LongLines : Lines);
        }

        output.WriteLine(activity.ToString());
        Assert.True(seeds < DefaultSeeds || activity.IsMuch(seeds), $"little happened: {activity}");
        Assert.True(seeds < LongSeeds || !IsLong || activity.Turns >= LongTurns, $"too few turns: {activity}");
    }

    [Theory]
    [InlineData((int)SimCanary.LeakedDescriptors)]
    [InlineData((int)SimCanary.LostChildren)]
    [InlineData((int)SimCanary.TornLines)]
    public void ACanaryIsFound(int canary)
    {
        int found = 0;
        for (int seed = 1; seed <= 10; seed++)
        {
            try
            {
                Run(seed, Lines, (SimCanary)canary);
            }
            catch (Xunit.Sdk.XunitException)
            {
                found++;
            }
        }

        Assert.InRange(found, 8, 10);
    }

    private static Activity Run(int seed, int lines, SimCanary canary = SimCanary.None)
    {
        Random random = new(seed);
        RandomConversation conversation = new(random);
        List<string> transcript = [];
        using Stage stage = new();
        stage.World.AfterTurn = () => Invariants.Check(stage.World);
        Mirror mirror = new();
        try
        {
            foreach (string line in RandomConversation.Setup)
            {
                Do(stage, transcript, mirror, line);
            }

            stage.World.Kernel.Faults.Canary = canary;
            for (int i = 0; i < lines && stage.World.ExitCode is null; i++)
            {
                string line = conversation.NextLine();
                if (CanBe(stage.World, line))
                {
                    Do(stage, transcript, mirror, line);
                    CheckAtRest(stage.World);
                }

                if (mirror.IsStale && stage.World.ExitCode is null)
                {
                    mirror.StartAnew();
                    Do(stage, transcript, mirror, "> statedump");
                }
            }

            Compare(stage, transcript, mirror);
            return Activity.Of(stage.World);
        }
        catch (Exception e)
        {
            throw new Xunit.Sdk.XunitException($"seed {seed}: {e}\n\n{string.Join('\n', transcript)}");
        }
    }

    // After its end the daemon owes nothing to anybody.
    private static void CheckAtRest(SimWorld world)
    {
        if (world.ExitCode is null)
        {
            Invariants.CheckAtRest(world);
        }
    }

    // What a transcript may not say: that somebody does something who is not there.
    private static bool CanBe(SimWorld world, string line)
    {
        string[] words = line.TrimStart('*', ' ').Split(' ', '>');
        bool isController = line.StartsWith("boss>", StringComparison.Ordinal)
            || line.EndsWith(" stalls", StringComparison.Ordinal) || line.EndsWith(" reads", StringComparison.Ordinal);
        if (isController)
        {
            return words[0] is "log" or "session" || world.PeerOf(words[0])?.Sink is not null;
        }

        bool isProcess = words.Length > 1 && words[1] is "exits" or "dies" or "closes" && words[0] != "stranger";
        bool isAct = words.Length > 1 && words[1] is "forks" or "sends" or "notifies" or "descendant";
        if (isAct)
        {
            return world.ProcessOf(words[0]) is SimProcess { State: SimProcessState.Running } acting
                && (words[1] == "forks" || acting.Notify is not null);
        }

        return !isProcess || (world.ProcessOf(words[0]) is SimProcess process
            && process.State == SimProcessState.Running && (words[1] != "closes" || process.FileCount > 2));
    }

    private static void Do(Stage stage, List<string> transcript, Mirror mirror, string line)
    {
        transcript.Add(line);
        foreach (string seen in stage.Do(line))
        {
            bool isCrash = seen.StartsWith("= the daemon crashes:", StringComparison.Ordinal);
            Assert.False(isCrash, seen);
            if (seen.StartsWith("< ", StringComparison.Ordinal))
            {
                Assert.False(seen.EndsWith('¬'), "half a line came");
                int often = seen.LastIndexOf(" (×", StringComparison.Ordinal);
                mirror.Receive(often < 0 ? seen[2..] : seen[2..often]);
            }
        }
    }

    // At the end everybody reads, no program is asked any more, and who believed every event knows what is so.
    private static void Compare(Stage stage, List<string> transcript, Mirror mirror)
    {
        if (stage.World.ExitCode is not null)
        {
            return;
        }

        stage.World.Kernel.Faults.Clear();
        stage.World.Kernel.Faults.CrashAt = -1;
        stage.World.Running.Image.Header.CrashPoint = 0;
        Do(stage, transcript, mirror, "* session reads");
        do
        {
            Do(stage, transcript, mirror, "* wait 12s");
        }
        while (stage.World.ExitCode is null && stage.World.Running.Connections.All[0].Record.IsHeld);
        Mirror asked = new();
        Do(stage, transcript, asked, "> statedump");
        if (!mirror.IsStale && stage.World.ExitCode is null)
        {
            Assert.Empty(mirror.DifferencesFrom(asked));
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value)
            ? value
            : otherwise;
}
