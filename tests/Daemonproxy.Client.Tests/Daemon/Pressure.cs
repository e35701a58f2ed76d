using System;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Daemon;

/// <summary>A daemon that reads nothing.</summary>
[Collection(MemoryMeasurements.Name)]
public class Pressure
{
    private const int Count = 300_000;

    [Fact]
    public async Task AProducerWaitsWhileTheDaemonIsStopped()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        daemon.Signal("STOP");
        long before = GC.GetTotalMemory(forceFullCollection: true);
        int called = 0;
        Task<CommandResult> last = Task.FromResult(new CommandResult());
        Task producer = Task.Run(() =>
        {
            for (; called < Count; Interlocked.Increment(ref called))
            {
                last = connection.ServiceTagsAsync("it", "x");
            }
        });

        // There is no room any more; it is called once more at most.
        await Assert.ThrowsAsync<TimeoutException>(
            () => FilledAsync(connection).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(producer.IsCompleted);
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(called, 1, Count / 2);
        Assert.True(held <= 8_000_000, $"{held} bytes are held");
        daemon.Signal("CONT");
        await producer.Within();
        await last.Within();
        await connection.WaitForRoomAsync(Patience.Token);
    }

    [Fact]
    public async Task AProducerThatWaitsIsCancelled()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await DaemonConnection.ConnectAsync(
            daemon.Socket, new ConnectionOptions { MostUnsent = 8192 });
        daemon.Signal("STOP");
        using var cancellation = new CancellationTokenSource();
        Task producer = Task.Run(async () =>
        {
            while (true)
            {
                Task<CommandResult> called = connection.ServiceTagsAsync("it", ["x"], cancellation.Token);
                if (called.IsCanceled)
                {
                    await called;
                }
            }
        });
        await Assert.ThrowsAsync<TimeoutException>(
            () => FilledAsync(connection).WaitAsync(TimeSpan.FromSeconds(30)));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => producer.Within());
        daemon.Signal("CONT");
        await connection.SynchronizeAsync().Within();
    }

    [Fact]
    public async Task AProducerThatWaitsLearnsOfTheEnd()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        daemon.Signal("STOP");
        Task<CommandResult> producer = Task.Run(async () =>
        {
            while (true)
            {
                Task<CommandResult> called = connection.ServiceTagsAsync("it", "x");
                if (called.IsFaulted)
                {
                    return await called;
                }
            }
        });
        await daemon.KillAsync();
        await Assert.ThrowsAsync<ConnectionClosedException>(() => producer.Within());
    }

    // Never ends while there is no room; what fills the rest is soon there.
    private static async Task FilledAsync(DaemonConnection connection)
    {
        while (true)
        {
            ValueTask room = connection.WaitForRoomAsync();
            if (!room.IsCompleted)
            {
                await room.AsTask().WaitAsync(TimeSpan.FromSeconds(1));
            }

            await Task.Delay(1);
        }
    }
}
