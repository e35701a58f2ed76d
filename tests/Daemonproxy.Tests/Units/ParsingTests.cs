using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;
using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>Integers and names of the wire against plain readers that go byte by byte and know no limits.</summary>
public sealed class ParsingTests
{
    private const string NameBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    private const int Longest = 31;

    [Fact]
    public void IntegersAroundEachPowerOfTenAndEachBoundReadAsBigIntegers()
    {
        BigInteger[] middles =
        [
            .. Enumerable.Range(0, 25).Select(digits => BigInteger.Pow(10, digits)),
            long.MaxValue,
            ulong.MaxValue,
            new BigInteger(ulong.MaxValue) + long.MaxValue,
        ];
        foreach (BigInteger middle in middles)
        {
            foreach (int distance in Enumerable.Range(-3, 7))
            {
                string text = BigInteger.Abs(middle + distance).ToString(CultureInfo.InvariantCulture);
                ReadsAsABigInteger(text);
                ReadsAsABigInteger("-" + text);
            }
        }
    }

    [Fact]
    public void LeadingZerosOfAnyNumberChangeNothing()
    {
        string[] numbers = ["", "0", "7", "999999999999999999", "9223372036854775807", "9223372036854775808",
            "9223372036854775809", "9999999999999999999", "10000000000000000000", "18446744073709551617"];
        foreach (string number in numbers)
        {
            for (int zeros = 0; zeros <= 70; zeros++)
            {
                ReadsAsABigInteger(new string('0', zeros) + number);
                ReadsAsABigInteger("-" + new string('0', zeros) + number);
            }
        }
    }

    [Fact]
    public void AnyByteAtAnyPlaceOfAnIntegerCountsAsItIs()
    {
        for (int length = 1; length <= 22; length++)
        {
            for (int place = 0; place < length; place++)
            {
                for (int value = 0; value <= byte.MaxValue; value++)
                {
                    char[] text = [.. Enumerable.Repeat('8', length)];
                    text[place] = (char)value;
                    ReadsAsABigInteger(new string(text));
                }
            }
        }
    }

    [Fact]
    public void AnIntegerThatIsRefusedIsZero()
    {
        foreach (string text in (string[])["", "-", "12x", "-12x", "9223372036854775808", "123456789012345678901"])
        {
            Assert.False(ArgumentTypes.TryInteger(Encoding.Latin1.GetBytes(text), out long value), text);
            Assert.Equal(0, value);
        }
    }

    [Fact]
    public void AnyByteAtAnyPlaceOfANameCountsAsItIs()
    {
        for (int length = 1; length <= Longest + 1; length++)
        {
            for (int place = 0; place < length; place++)
            {
                for (int value = 0; value <= byte.MaxValue; value++)
                {
                    byte[] text = [.. Enumerable.Repeat((byte)'a', length)];
                    text[place] = (byte)value;
                    bool isName = length <= Longest && NameBytes.Contains((char)value);
                    Assert.Equal(isName, Name.TryParse(text, Longest, out Name name));
                    Assert.True(!isName || name.Bytes.SequenceEqual(text));
                }
            }
        }
    }

    [Fact]
    public void ANameHasOneByteToItsLongest()
    {
        IEnumerable<(int Length, int Longest)> cases =
            from length in (int[])[0, 1, 30, 31, 32, 255, 256]
            from longest in (int[])[1, 31, 255]
            select (length, longest);
        foreach ((int length, int longest) in cases)
        {
            byte[] text = [.. Enumerable.Repeat((byte)'_', length)];
            Assert.Equal(length >= 1 && length <= longest, Name.TryParse(text, longest, out _));
        }
    }

    [Fact]
    public void RandomNamesReadAsAPlainLoopSays()
    {
        Random random = new(1);
        for (int run = 0; run < 50_000; run++)
        {
            byte[] text = new byte[random.Next(Longest + 3)];
            for (int at = 0; at < text.Length; at++)
            {
                bool isAny = random.Next(40) == 0;
                text[at] = (byte)(isAny ? random.Next(256) : NameBytes[random.Next(NameBytes.Length)]);
            }

            bool isName = text.Length is >= 1 and <= Longest && text.All(b => NameBytes.Contains((char)b));
            Assert.Equal(isName, Name.TryParse(text, Longest, out _));
        }
    }

    private static void ReadsAsABigInteger(string text)
    {
        string digits = text.StartsWith('-') ? text[1..] : text;
        BigInteger number = BigInteger.Zero;
        bool isNumber = digits.Length > 0;
        foreach (char c in digits)
        {
            isNumber &= c is >= '0' and <= '9';
            number = (number * 10) + (c - '0');
        }

        number = text.StartsWith('-') ? -number : number;
        bool expected = isNumber && number >= long.MinValue && number <= long.MaxValue;
        Assert.True(
            ArgumentTypes.TryInteger(Encoding.Latin1.GetBytes(text), out long value) == expected,
            $"\"{text}\" was {(expected ? "refused" : "taken")}");
        Assert.Equal(expected ? number : BigInteger.Zero, value);
    }
}
