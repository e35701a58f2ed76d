using System;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Options;

/// <summary>--help and --version: what they print, and that the daemon then does nothing else.</summary>
public class InformTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-ih")]
    [InlineData("-c", "/no/such/file", "-h")]
    public void HelpListsEveryOptionInItsOrder(params string[] options)
    {
        using Daemon daemon = Daemon.Start(options);
        Assert.Equal(1, daemon.AwaitExit().Code);
        string[] lines = daemon.AwaitOutputEnd();
        int start = Array.IndexOf(lines, "options:");
        Assert.True(start >= 0, string.Join('\n', lines));
        string[] told =
            ["-c, --config FILE", "-i, --interactive", "-v, --verbose", "-q, --quiet", "-h, --help", "--version"];
        int[] places = [.. told.Select(option => Array.FindIndex(lines, start, line => line.Contains(option)))];
        Assert.True(
            places.All(place => place > start) && places.Order().SequenceEqual(places),
            string.Join('\n', lines));
        Assert.Empty(daemon.Log.AwaitEnd());
    }

    [Fact]
    public void VersionSaysWhatWasBuiltFromWhat()
    {
        using Daemon daemon = Daemon.Start("--version");
        Assert.Equal(1, daemon.AwaitExit().Code);
        string[] lines = daemon.AwaitOutputEnd();
        Assert.Matches(@"^daemonproxy version \d+\.\d+\.\d+$", lines[0]);
        Assert.StartsWith(" build timestamp: ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith(" git HEAD: ", lines[2], StringComparison.Ordinal);
        Assert.Equal(" protocol version: 1", lines[3]);
        int copyright = Array.FindIndex(lines, line => line.Contains("Copyright (C) "));
        Assert.Matches(@"Copyright \(C\) \d{4}-\d{4} ", lines[copyright]);
        Assert.Contains("LICENSE", lines[copyright + 1], StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsCountInTheirOrder()
    {
        // The bad one comes before the help is asked for.
        using Daemon daemon = Daemon.Start("--nonsense", "--help");
        Assert.Equal(2, daemon.AwaitExit().Code);
    }
}
