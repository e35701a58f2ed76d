using Daemonproxy.State;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>Every size of text has a class that fits and wastes little.</summary>
public sealed class SizeClassTests
{
    [Fact]
    public void TheClassOfASizeIsTheSmallestThatFits()
    {
        for (int bytes = 1; bytes <= 1 << 18; bytes++)
        {
            int sizeClass = SizeClass.For(bytes);
            Assert.InRange(sizeClass, 0, SizeClass.Count - 1);
            Assert.True(SizeClass.Bytes(sizeClass) >= bytes);
            Assert.True(sizeClass == 0 || SizeClass.Bytes(sizeClass - 1) < bytes);
        }
    }

    [Fact]
    public void ClassesRiseByAtMostAQuarterAndKeepBlocksAligned()
    {
        for (int sizeClass = 1; sizeClass < SizeClass.Count; sizeClass++)
        {
            int before = SizeClass.Bytes(sizeClass - 1);
            Assert.InRange(SizeClass.Bytes(sizeClass), before + 1, before + (before / 4));
            Assert.Equal(0, SizeClass.Bytes(sizeClass) % 16);
        }
    }
}
