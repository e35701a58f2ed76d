using System;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Options;

/// <summary>Sizes given on the command line are hard, whatever the kernel would still give.</summary>
public class PoolTests
{
    [Fact]
    public void ThePoolLimitsTheNamedDescriptors()
    {
        // Seven are there from the start, and one was inherited.
        const int Free = 4;
        Launch launch = new Launch(Binary.Path, "-i", "--fd-pool", $"{Free + 8}").After("exec 7>/dev/null");
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Ask([.. Enumerable.Range(0, Free).Select(n => $"fd.open⇥f{n}⇥read⇥/dev/null")]);
        int descriptors = daemon.OpenDescriptors(daemon.Pid);
        foreach (string line in new[] { "fd.open⇥x⇥read⇥/dev/null", "fd.pipe⇥x⇥y", "fd.socket⇥x⇥tcp" })
        {
            Assert.Equal(
                [$"error⇥Unable to allocate new file descriptor object, for command \"{line}\""], daemon.Ask(line));
        }

        Assert.Equal(descriptors, daemon.OpenDescriptors(daemon.Pid));

        // One that is replaced needs no room, and one that is deleted gives its own back.
        Assert.Equal(["fd.state⇥f0⇥file⇥write⇥/dev/null"], daemon.Ask("fd.open⇥f0⇥write⇥/dev/null"));
        daemon.Ask("fd.delete⇥f0", "fd.delete⇥f1");
        Assert.Equal(["fd.state⇥x⇥pipe⇥from⇥y", "fd.state⇥y⇥pipe⇥to⇥x"], daemon.Ask("fd.pipe⇥x⇥y"));
    }

    [Fact]
    public void ThePoolLimitsTheServices()
    {
        using Daemon daemon = Daemon.Interactive("--service-pool", "3x128");
        daemon.Ask("service.args⇥a⇥/bin/true", "service.tags⇥b⇥x", "service.fds⇥c⇥null");
        Assert.Equal(
            ["error⇥Unable to allocate new service, for command \"service.tags⇥d⇥x\""],
            daemon.Ask("service.tags⇥d⇥x"));
        daemon.Ask("service.delete⇥b");
        Assert.Equal(["service.tags⇥d⇥x"], daemon.Ask("service.tags⇥d⇥x"));
        string long100 = new('x', 100);
        Assert.Equal([$"service.tags⇥d⇥{long100}"], daemon.Ask($"service.tags⇥d⇥{long100}"));
        Assert.StartsWith(
            "error⇥unable to set argv, ", daemon.Ask($"service.args⇥d⇥{long100}").Single(), StringComparison.Ordinal);
        Assert.Contains($"service.tags⇥d⇥{long100}", daemon.Dump());
    }

    [Theory]
    [InlineData("--fd-pool", "6", "minimum")]
    [InlineData("--fd-pool", "65536", "maximum")]
    [InlineData("--service-pool", "0", "minimum")]
    [InlineData("--service-pool", "5x1m", "maximum")]
    public void OneOutOfBoundsIsLoggedAndTheNearestIsTaken(string option, string size, string word)
    {
        using Daemon daemon = Daemon.Interactive(option, size);
        daemon.Log.Await(
            line => line.StartsWith("warning: ", StringComparison.Ordinal)
                && line.Contains(word, StringComparison.Ordinal),
            word);
    }

    [Fact]
    public void GenerousOnesCostNoMemoryUntilTheyAreUsed()
    {
        using Daemon plain = Daemon.Interactive();
        using Daemon large = Daemon.Interactive("--service-pool", "65535x65536", "--fd-pool", "65535x4096");
        Assert.InRange(Proc.Kilobytes(large.Pid, "Rss"), 1, Proc.Kilobytes(plain.Pid, "Rss") + 500);
    }
}
