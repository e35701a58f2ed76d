using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Xunit;

namespace Daemonproxy.Client.Tests.Units;

/// <summary>Whatever comes over the wire, nothing is thrown and every line is passed on.</summary>
public class Fuzz
{
    private const int Rounds = 200_000;

    private static readonly string[] _words =
    [
        "service.state", "service.args", "service.tags", "service.fds", "service.auto_up", "fd.state", "error",
        "warning", "info", "overflow", "log.filter", "stats", "web", "r", "w", "start", "up", "down", "deleted", "-",
        "exit", "signal", "SIGKILL", "SIG-?", "file", "pipe", "socket", "special", "from", "to", "unix,stream,to", "?",
        "nonblock,from", "inet,listen=5", "listen=", "read,write", ",", ",,to", "7", "-7", "+7", "99999999999999999999",
        "", "ä", "always", "turns", "debug", "none",
    ];

    [Fact]
    public void RandomFieldsAreAnEventOrUnknown()
    {
        var random = new Random(1);
        var state = new StateReducer(StateSnapshot.Empty);
        int known = 0;
        for (int round = 0; round < Rounds; round++)
        {
            IEnumerable<string> fields =
                Enumerable.Range(0, random.Next(1, 11)).Select(_ => _words[random.Next(_words.Length)]);
            DaemonEvent told = EventParser.Read(Encoding.UTF8.GetBytes(string.Join('\t', fields)));
            known += told is UnknownEvent ? 0 : 1;
            state.Apply(told, out _);
        }

        Assert.InRange(known, Rounds / 20, Rounds);
        Assert.NotEmpty(state.Snapshot.Fds);
    }

    [Fact]
    public void RandomBytesAreUnknownAndComeBackTheSame()
    {
        var random = new Random(2);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] line = new byte[random.Next(0, 40)];
            random.NextBytes(line);
            var unknown = Assert.IsType<UnknownEvent>(EventParser.Read(line));
            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            WireText.Append(bytes, unknown.Line, "line");
            Assert.True(bytes.WrittenSpan.SequenceEqual(line), Convert.ToHexString(line));
        }
    }

    [Fact]
    public void LinesAreTheSameHoweverTheyArrive()
    {
        var random = new Random(3);
        for (int round = 0; round < 200; round++)
        {
            string[] lines = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => RandomLine(random))];
            byte[] bytes = Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n")));
            List<string> taken = [];
            var splitter = new LineSplitter(line => taken.Add(Encoding.ASCII.GetString(line)));
            for (int at = 0; at < bytes.Length;)
            {
                int count = Math.Min(random.Next(1, 50_000), bytes.Length - at);
                splitter.Add(bytes.AsSpan(at, count));
                at += count;
            }

            Assert.Equal(lines.Where(line => line.Length <= LineSplitter.Longest), taken);
        }
    }

    // Some of them longer than any that there should be.
    private static string RandomLine(Random random) =>
        new('x', random.Next(4) == 0 ? random.Next(2 * LineSplitter.Longest) : random.Next(100));
}
