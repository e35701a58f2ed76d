using System;
using System.Globalization;
using System.Text;
using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>The lines that are written through the cursor.</summary>
public sealed class LineWriterTests
{
    [Fact]
    public void IntegersAsTheRuntimeWritesThem()
    {
        Random random = new(1);
        long[] known = [0, 9, 10, -1, -9, -10, 99, 100, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];
        for (int run = 0; run < 10_000; run++)
        {
            long value = run < known.Length ? known[run] : random.NextInt64() >> random.Next(64);
            LineWriter line = new(new byte[20]);
            line.Integer(value);
            Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(line.Written));
        }
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999_999_999, "0")]
    [InlineData(1_000_000_000, "1")]
    [InlineData(-1, "-1")]
    [InlineData(-1_000_000_000, "-1")]
    [InlineData(-1_000_000_001, "-2")]
    public void InstantsRoundedDown(long nanoseconds, string expected)
    {
        LineWriter line = new(new byte[20]);
        line.Instant(new Instant(nanoseconds));
        Assert.Equal(expected, Encoding.ASCII.GetString(line.Written));
    }

    [Fact]
    public void CuttingOnlyShortens()
    {
        LineWriter line = new(new byte[10]);
        line.Text("abcdef"u8);
        line.CutTo(8);
        Assert.Equal(6, line.Length);
        line.CutTo(3);
        line.Byte((byte)'x');
        Assert.Equal("abcx", Encoding.ASCII.GetString(line.Written));
    }

    [Fact]
    public void DurationsAreRoundedDownAndNeverBelow0()
    {
        Assert.Equal(0, Instant.Between(new Instant(0), new Instant(999_999_999)).Value);
        Assert.Equal(1, Instant.Between(new Instant(500_000_000), new Instant(1_500_000_000)).Value);
        Assert.Equal(0, Instant.Between(new Instant(5_000_000_000), new Instant(0)).Value);
    }
}
