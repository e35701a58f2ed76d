using System;
using System.Collections.Generic;
using System.Text;
using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>Names of signals, signal(7).</summary>
public sealed class SignalTests
{
    [Fact]
    public void EveryNameReadsAsWhatItIsPrintedFor()
    {
        HashSet<string> names = [];
        for (int number = 1; number <= 31; number++)
        {
            ReadOnlySpan<byte> text = new Signal(number).Text;
            Assert.True(names.Add(Encoding.ASCII.GetString(text)));
            Assert.InRange(text.Length, 5, Signal.LongestText);
            Assert.True(Signal.TryParseName(text, out Signal signal));
            Assert.Equal(number, signal.Number);
            Assert.True(Signal.TryParseName(text[3..], out signal));
            Assert.Equal(number, signal.Number);
        }
    }

    [Theory]
    [InlineData("IOT", 6)]
    [InlineData("SIGIOT", 6)]
    [InlineData("POLL", 29)]
    [InlineData("SIGCLD", 17)]
    public void Aliases(string name, int number)
    {
        Assert.True(Signal.TryParseName(Encoding.ASCII.GetBytes(name), out Signal signal));
        Assert.Equal(number, signal.Number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SIG")]
    [InlineData("sigterm")]
    [InlineData("SIGSIGTERM")]
    [InlineData("TERM ")]
    [InlineData("SIG-?")]
    [InlineData("-?")]
    [InlineData("15")]
    [InlineData("RTMIN")]
    public void NoNames(string name) =>
        Assert.False(Signal.TryParseName(Encoding.ASCII.GetBytes(name), out _));

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(-1)]
    public void WithoutAName(int number) =>
        Assert.Equal("SIG-?", Encoding.ASCII.GetString(new Signal(number).Text));
}
