using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Daemon;

/// <summary>
/// Commands and losses alternate: the connection is cut between two bytes, the daemon is stopped, killed, replaced,
/// and crashes. At every synchronisation the model is what a fresh dump says, and no command was sent twice that should
/// not.
/// </summary>
public class RandomLosses
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task TheModelIsAFreshDumpAtEverySynchronisation(int seed)
    {
        const int rounds = 25;
        var random = new Random(seed);
        await using TestDaemon daemon = await TestDaemon.StartAsync("--debug-crash");
        await using var relay = new Relay(Path.Combine(daemon.Folder, "relay"), daemon.Socket);

        // A wait that grew with every loss would soon be longer than the test may take.
        await using DaemonClient client = DaemonClient.Start(
            relay.Path,
            new DaemonClientOptions { FirstDelay = TimeSpan.FromMilliseconds(5), MostDelay = TimeSpan.FromHours(1) });
        DaemonState state = await client.FollowStateAsync(Patience.Token);
        List<Task<CommandResult>> plain = [];
        List<Task<CommandResult>> repeated = [];
        for (int round = 0; round < rounds; round++)
        {
            int lossAt = random.Next(60);
            for (int number = 0; number < 60; number++)
            {
                string service = $"s{random.Next(20)}";
                bool isRepeated = random.Next(2) == 0;
                IDaemon target = isRepeated ? client.Repeating : client;
                List<Task<CommandResult>> tasks = isRepeated ? repeated : plain;
                tasks.Add(target.ServiceTagsAsync(service, isRepeated ? "repeated" : "plain", $"{tasks.Count}"));
                if (number == lossAt)
                {
                    await LoseAsync(random, daemon, relay, client);
                }

                if (random.Next(10) == 0)
                {
                    await Task.Yield();
                }
            }

            await client.SynchronizeAsync(Patience.Token);
            await state.Complete.WaitAsync(Patience.Token);
            await Following.AgreeAsync(daemon, client.Repeating, state);
        }

        foreach (Task<CommandResult> task in repeated)
        {
            await task.Within();
        }

        int failed = 0;
        for (int number = 0; number < plain.Count; number++)
        {
            Exception? problem = await Record.ExceptionAsync(() => plain[number].Within());
            int sent = 0;
            for (int service = 0; service < 20; service++)
            {
                sent += relay.CountOf($"service.tags\ts{service}\tplain\t{number}");
            }

            Assert.InRange(sent, problem is null ? 1 : 0, 1);
            Assert.True(
                problem is null or AnswerLostException or ConnectionClosedException { MayHaveRun: true }
                    or CommandFailedException { Kind: ErrorKind.Internal },
                $"{problem}");
            failed += problem is null ? 0 : 1;
        }

        Assert.InRange(failed, 1, plain.Count - 1);
    }

    private static async Task LoseAsync(Random random, TestDaemon daemon, Relay relay, DaemonClient client)
    {
        switch (random.Next(6))
        {
            case 0 or 1 or 2:
                relay.Cut();
                break;
            case 3:
                daemon.Signal("STOP");
                relay.Cut();
                daemon.Signal("CONT");
                break;
            case 4:
                await daemon.KillAsync();
                await daemon.StartAgainAsync();
                break;
            default:
                await using (DaemonConnection other = await daemon.ConnectAsync())
                {
                    Task<CommandResult> done = random.Next(2) == 0
                        ? other.ReexecAsync(ReexecPathArgument.Dash)
                        : other.DebugCrashAsync(CrashKind.Throw);
                    _ = await Record.ExceptionAsync(() => done.Within());
                }

                break;
        }
    }
}
