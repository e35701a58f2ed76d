using System;
using System.Text;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Sending;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>The two streams of --send, however their bytes are cut.</summary>
public sealed class SendingTests
{
    [Fact]
    public void MarksAreTakenOutHoweverTheBytesAreCut()
    {
        Mark mark = new(new NoCalls());
        byte[] all =
        [
            .. "a\n"u8, .. LineOf(mark, 0), .. "error\tx\n\noverflow\nerror\n"u8, .. LineOf(mark, 1), .. "later\n"u8,
        ];
        for (int piece = 1; piece <= all.Length; piece++)
        {
            IncomingLines received = new(mark);
            StringBuilder printed = new();
            for (int at = 0; at < all.Length && received.LastMark < 1; at += piece)
            {
                ReadOnlySpan<byte> bytes = all.AsSpan(at, Math.Min(piece, all.Length - at));
                bytes.CopyTo(received.Free);
                received.Add(bytes.Length, lastNumber: 1);
                printed.Append(Encoding.ASCII.GetString(received.Printable));
                received.Printed(received.Printable.Length);
            }

            Assert.Equal("a\nerror\tx\n\noverflow\nerror\n", printed.ToString());
            Assert.True(received.HasError);
            Assert.Equal(1, received.Overflows);
            Assert.Equal(1, received.LastMark);
        }
    }

    [Fact]
    public void ALineLongerThanTheBufferIsPrintedInPieces()
    {
        IncomingLines received = new(new Mark(new NoCalls()));
        int printed = 0;
        for (int at = 0; at < 200_000;)
        {
            int count = received.Free.Length;
            received.Free.Fill((byte)'x');
            received.Add(count, lastNumber: 1);
            at += count;
            printed += received.Printable.Length;
            received.Printed(received.Printable.Length);
        }

        "error\tis not at the start\nerror\tis\n"u8.CopyTo(received.Free);
        received.Add("error\tis not at the start\n"u8.Length, lastNumber: 1);
        Assert.False(received.HasError);
        received.Printed(received.Printable.Length);
        "error\tis\n"u8.CopyTo(received.Free);
        received.Add("error\tis\n"u8.Length, lastNumber: 1);
        Assert.True(received.HasError);
        Assert.True(printed >= 200_000);
    }

    [Theory]
    [InlineData("exit\n", true)]
    [InlineData("echo\tx\nterminate\t0\t1\n", true)]
    [InlineData("reexec\t-", true)]
    [InlineData("exit\r\n", false)]
    [InlineData("echo\texit\n", false)]
    [InlineData("exited\n", false)]
    [InlineData("#exit\n", false)]
    [InlineData("a-word-that-is-longer-than-any-command exit\n", false)]
    [InlineData("", false)]
    public void OnlyALineThatIsSentWholeEndsTheConnection(string lines, bool ends)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(lines);
        for (int piece = 1; piece <= Math.Max(1, bytes.Length); piece++)
        {
            OutgoingLines sent = new(new Mark(new NoCalls()));
            for (int at = 0; at < bytes.Length; at += piece)
            {
                ReadOnlySpan<byte> part = bytes.AsSpan(at, Math.Min(piece, bytes.Length - at));
                part.CopyTo(sent.Free);
                sent.Add(part.Length);
            }

            sent.Finish();
            string text = Encoding.ASCII.GetString(sent.Waiting);
            Assert.Equal(lines.Length == 0 || lines.EndsWith('\n') ? lines : lines + "\n", text);
            Assert.False(sent.EndsConnection);
            sent.Sent(Math.Max(0, text.Length - 1));
            Assert.False(sent.EndsConnection);
            sent.Sent(Math.Min(1, text.Length));
            Assert.Equal(ends, sent.EndsConnection);
        }
    }

    private static byte[] LineOf(Mark mark, int number)
    {
        byte[] command = new byte[Mark.MostCommandBytes];
        int length = mark.Write(command, number);
        return command["echo\t".Length..length];
    }

    // Only random bytes are asked for.
    private sealed class NoCalls : ISendingCalls
    {
        public ReadOnlySpan<byte> Variable(ReadOnlySpan<byte> name) => throw new NotSupportedException();

        public bool Exists(ReadOnlySpan<byte> path) => throw new NotSupportedException();

        public bool IsOpen(FdNumber fd) => throw new NotSupportedException();

        public Errno Connect(ReadOnlySpan<byte> path, out FdNumber socket) => throw new NotSupportedException();

        public SendingEvents Wait(FdNumber socket, SendingEvents wanted, int milliseconds) =>
            throw new NotSupportedException();

        public Errno Read(FdNumber fd, Span<byte> free, out int count) => throw new NotSupportedException();

        public Errno Write(FdNumber fd, ReadOnlySpan<byte> bytes, out int count) => throw new NotSupportedException();

        public Errno Send(FdNumber socket, ReadOnlySpan<byte> bytes, out int count) =>
            throw new NotSupportedException();

        public void Random(Span<byte> bytes) => new Random(1).NextBytes(bytes);
    }
}
