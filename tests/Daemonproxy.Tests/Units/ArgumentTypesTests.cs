using System;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>Integers against BigInteger.</summary>
public sealed partial class ArgumentTypesTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("007", 7)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("-00000000000000000000000009", -9)]
    public void Integers(string text, long expected)
    {
        Assert.True(ArgumentTypes.TryInteger(Encoding.ASCII.GetBytes(text), out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("--1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1x")]
    [InlineData("0x1")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("18446744073709551616")]
    [InlineData("18446744073709551617")]
    [InlineData("99999999999999999999999999")]
    public void NoIntegers(string text) =>
        Assert.False(ArgumentTypes.TryInteger(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void AnyTextReadsAsBigIntegerSays()
    {
        Random random = new(1);
        for (int run = 0; run < 50_000; run++)
        {
            string text = RandomText(random);
            bool expected = Form().IsMatch(text)
                && BigInteger.Parse(text, CultureInfo.InvariantCulture) is var number
                && number >= long.MinValue && number <= long.MaxValue;
            Assert.Equal(expected, ArgumentTypes.TryInteger(Encoding.ASCII.GetBytes(text), out long value));
            Assert.True(!expected || value == long.Parse(text, CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData("2147483647", true)]
    [InlineData("2147483648", false)]
    [InlineData("-2147483647", true)]
    [InlineData("-9223372036854775808", false)]
    [InlineData("x", false)]
    public void Instants(string text, bool expected)
    {
        Assert.Equal(expected, ArgumentTypes.TryInstant(Encoding.ASCII.GetBytes(text), out Instant instant));
        Assert.True(!expected || instant.WholeSeconds == long.Parse(text, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("7", 7, null)]
    [InlineData("7x0", 7, 0L)]
    [InlineData("007x0032", 7, 32L)]
    [InlineData("7x32k", 7, 32L << 10)]
    [InlineData("7x32K", 7, 32L << 10)]
    [InlineData("7x32KiB", 7, 32L << 10)]
    [InlineData("7x32KB", 7, 32_000L)]
    [InlineData("7x3m", 7, 3L << 20)]
    [InlineData("7x3M", 7, 3L << 20)]
    [InlineData("7x3MiB", 7, 3L << 20)]
    [InlineData("7x3MB", 7, 3_000_000L)]
    [InlineData("7x3g", 7, 3L << 30)]
    [InlineData("7x3G", 7, 3L << 30)]
    public void Pools(string text, long records, long? bytes)
    {
        Assert.True(ArgumentTypes.TryPool(Encoding.ASCII.GetBytes(text), out Pool pool));
        Assert.Equal((records, bytes), (pool.Records, pool.RecordBytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("7x")]
    [InlineData("x32")]
    [InlineData("7x32x")]
    [InlineData("7x32kb")]
    [InlineData("7x32kiB")]
    [InlineData("7x32GB")]
    [InlineData("7x32GiB")]
    [InlineData("7x32B")]
    [InlineData("7xk")]
    [InlineData("7k")]
    [InlineData("-7")]
    [InlineData("7x-32")]
    [InlineData("+7")]
    [InlineData("7 x32")]
    [InlineData("7X32")]
    [InlineData("7x9007199254740992k")]
    [InlineData("7x9223372036854775808")]
    public void NoPools(string text) =>
        Assert.False(ArgumentTypes.TryPool(Encoding.ASCII.GetBytes(text), out _));

    private static string RandomText(Random random)
    {
        char[] text = new char[random.Next(24)];
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = (char)('0' + random.Next(10));
        }

        if (text.Length > 0 && random.Next(2) == 0)
        {
            text[0] = '-';
        }

        if (text.Length > 0 && random.Next(8) == 0)
        {
            text[random.Next(text.Length)] = "-+ x/:"[random.Next(6)];
        }

        return new string(text);
    }

    [GeneratedRegex(@"^-?[0-9]+\z")]
    private static partial Regex Form();
}
