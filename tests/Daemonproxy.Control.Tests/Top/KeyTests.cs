using System;
using System.Collections.Generic;
using System.Text;
using Daemonproxy.Control.Top;
using Xunit;

namespace Daemonproxy.Control.Tests.Top;

/// <summary>Keys as terminals send them.</summary>
public sealed class KeyTests
{
    [Theory]
    [InlineData("q", "Character q")]
    [InlineData("\r", "Enter")]
    [InlineData("\n", "Enter")]
    [InlineData("\x7f", "Backspace")]
    [InlineData("\b", "Backspace")]
    [InlineData("\x1b", "Escape")]
    [InlineData("\x1b[A\x1b[B", "Up, Down")]
    [InlineData("\x1bOA\x1bOB", "Up, Down")]
    [InlineData("\x1b[5~\x1b[6~", "PageUp, PageDown")]
    [InlineData("\x1b[H\x1b[F\x1b[1~\x1b[4~\x1bOH\x1bOF", "Home, End, Home, End, Home, End")]
    [InlineData("\x1b[1;5Aq", "Up, Character q")]
    [InlineData("\x1b[24~\x1b[200~x", "Unknown, Unknown, Character x")]
    [InlineData("\x1bx", "Escape, Character x")]
    [InlineData("\x01é€\U0001F600", "Unknown, Character é, Character €, Unknown")]
    public void EachKeyIsUnderstood(string sent, string keys) =>
        Assert.Equal(keys, string.Join(", ", Decode(Encoding.UTF8.GetBytes(sent))));

    [Fact]
    public void BytesThatAreNoTextAreNoKeys() =>
        Assert.Equal(["Unknown", "Unknown", "Character a"], Decode([0xFF, 0xC3, (byte)'a']));

    [Theory]
    [InlineData("\x1b", true)]
    [InlineData("\x1b[", true)]
    [InlineData("\x1b[1;", true)]
    [InlineData("\x1bO", true)]
    [InlineData("\x1b[A", false)]
    [InlineData("\x1bx", false)]
    [InlineData("x", false)]
    public void TheRestOfAKeyIsWaitedFor(string sent, bool isPart) =>
        Assert.Equal(isPart, Key.IsPart(Encoding.UTF8.GetBytes(sent)));

    [Fact]
    public void AnyBytesAreSomeKeys()
    {
        var random = new Random(1);
        byte[] bytes = new byte[64];
        for (int round = 0; round < 10_000; round++)
        {
            random.NextBytes(bytes);
            for (int index = 0; index < bytes.Length; index++)
            {
                bytes[index] = random.Next(3) == 0 ? (byte)0x1b : random.Next(2) == 0 ? (byte)'[' : bytes[index];
            }

            Assert.NotEmpty(Decode(bytes));
        }
    }

    private static List<string> Decode(ReadOnlySpan<byte> bytes)
    {
        List<string> keys = [];
        while (!bytes.IsEmpty)
        {
            int length = Key.Decode(bytes, out Key key);
            Assert.InRange(length, 1, bytes.Length);
            keys.Add(key.Kind == KeyKind.Character ? $"Character {key.Character}" : $"{key.Kind}");
            bytes = bytes[length..];
        }

        return keys;
    }
}
