using System;
using System.Collections.Generic;
using System.Linq;
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
        foreach (int number in Enumerable.Range(1, 31).Concat(Enumerable.Range(Signal.SIGRTMIN, 31)))
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
    [InlineData("RTMIN+0", 34)]
    [InlineData("SIGRTMIN+16", 50)]
    [InlineData("RTMIN+30", 64)]
    [InlineData("RTMAX-15", 49)]
    [InlineData("SIGRTMAX-30", 34)]
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
    [InlineData("RTMIN-1")]
    [InlineData("RTMIN+")]
    [InlineData("RTMIN+31")]
    [InlineData("RTMIN+100")]
    [InlineData("RTMIN+x")]
    [InlineData("RTMAX+1")]
    public void NoNames(string name) =>
        Assert.False(Signal.TryParseName(Encoding.ASCII.GetBytes(name), out _));

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(65)]
    [InlineData(-1)]
    public void WithoutAName(int number) =>
        Assert.Equal("SIG-?", Encoding.ASCII.GetString(new Signal(number).Text));
}
