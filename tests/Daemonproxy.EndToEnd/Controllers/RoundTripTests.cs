using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Controllers;

/// <summary>
/// Nobody's slowness delays anybody else: how long an echo takes beside others that misbehave, and how long it takes in
/// a daemon without them, measured in turn so that a busy machine slows both.
/// </summary>
public class RoundTripTests
{
    private const int Trips = 250;

    // Half of all trips beside the others may take so much longer; waiting for one of them would take for ever.
    private const double MostTimes = 3;
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void BesideSomeThatNeverRead(int count)
    {
        using Pair pair = new();
        List<Connection> others = [.. Enumerable.Range(0, count).Select(_ => pair.Connect())];
        others.ForEach(other => Blocking.Block(other, pair.Watcher));
        pair.AssertNoDelay(() => { });
        Assert.Equal(count + 2, pair.Watcher.Counters()["controllers.used"]);
    }

    [Fact]
    public void BesideSomeThatDieInTheMiddleOfALine()
    {
        using Pair pair = new();
        pair.AssertNoDelay(() =>
        {
            using Connection other = pair.Connect();
            other.SendRaw("service.tags⇥half⇥a li");
        });
        Assert.DoesNotContain(
            pair.Watcher.Dump(), line => line.StartsWith("service.", StringComparison.Ordinal));
        Patience.Until(() => pair.Watcher.Counters()["controllers.used"] == 2, "only two are left");
    }

    [Fact]
    public void BesideOneThatSendsAMegabyteWithoutALineFeed()
    {
        const int Megabyte = 1_000_000;
        using Pair pair = new();
        Connection other = pair.Connect();
        string part = new('y', Megabyte / Trips);
        pair.AssertNoDelay(() => other.SendRaw(part));
        other.SendRaw("\n");
        Assert.Equal(["error⇥line too long", "hello"], other.Ask("echo⇥hello"));
    }

    /// <summary>Two daemons with a controller each, the first without any others.</summary>
    private sealed class Pair : IDisposable
    {
        private readonly Scratch _scratch = new();
        private readonly List<IDisposable> _all = [];
        private readonly Fd _alone;
        private readonly Fd _beside;

        public Pair()
        {
            string quiet = _scratch["quiet"];
            string busy = _scratch["busy"];
            _all.Add(Daemon.Start("-qqS", quiet));
            _all.Add(Daemon.Start("-qqS", busy));
            _all.Add(Connection.To(quiet));
            Watcher = Connect();
            _alone = UnixSocket.TryConnect(quiet, out _)!;
            _beside = UnixSocket.TryConnect(busy, out _)!;
        }

        /// <summary>Another controller of the second daemon, which behaves.</summary>
        public Connection Watcher { get; }

        /// <summary>One more controller of the second daemon.</summary>
        public Connection Connect()
        {
            Connection connection = Connection.To(_scratch["busy"]);
            _all.Add(connection);
            return connection;
        }

        /// <summary>Measures trips in turn, each beside the others after something they do.</summary>
        public void AssertNoDelay(Action disturb)
        {
            TimeSpan[] without = new TimeSpan[Trips];
            TimeSpan[] beside = new TimeSpan[Trips];
            for (int trip = 0; trip < Trips; trip++)
            {
                without[trip] = Measure(_alone);
                disturb();
                beside[trip] = Measure(_beside);
            }

            TimeSpan most = (MostTimes * Median(without)) + Least;
            Assert.True(Median(beside) <= most, $"{Median(beside)} beside others, {Median(without)} without");
        }

        public void Dispose()
        {
            _alone.Dispose();
            _beside.Dispose();

            // The daemons first: what a connection still has to tell would keep its reader waiting.
            _all.ForEach(one => one.Dispose());
            _scratch.Dispose();
        }

        private static TimeSpan Median(TimeSpan[] times) => times.Order().ElementAt(times.Length / 2);

        private static TimeSpan Measure(Fd socket)
        {
            long start = Stopwatch.GetTimestamp();
            Assert.True(socket.TryWrite("echo\tping\n"u8));
            Span<byte> answer = stackalloc byte[16];
            int count = 0;
            while (count == 0 || answer[count - 1] != '\n')
            {
                int more = socket.Read(answer[count..]);
                Assert.NotEqual(0, more);
                count += more;
            }

            Assert.Equal("ping\n", Text.From(answer[..count]));
            return Stopwatch.GetElapsedTime(start);
        }
    }
}
