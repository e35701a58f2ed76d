using System;
using System.Collections.Generic;
using System.Reflection;
using System.Text;
using System.Threading.Tasks;
using Daemonproxy.Protocol;
using Daemonproxy.Tests.Transcripts;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Tests.Allocation;

/// <summary>The generated writers: none is forgotten here, none allocates, none writes more than was proved.</summary>
public sealed class EventWriterTests
{
    private const int Runs = 1000;

    public static TheoryData<string> Writers()
    {
        TheoryData<string> writers = [];
        foreach (Type type in (Type[])[typeof(Events), typeof(Warnings)])
        {
            foreach (MethodInfo method in type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            {
                writers.Add(method.Name);
            }
        }

        return writers;
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void AWriterAllocatesNothing(string name)
    {
        EventWriters.Writer write = WriterOf(name);
        byte[] buffer = new byte[2 * Limits.LongestEvent];
        Repeat(write, buffer);
        Assert.Equal(0, Allocated.By(() => Repeat(write, buffer)));
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void AWriterKeepsToTheWorstCase(string name)
    {
        LineWriter line = new(new byte[2 * Limits.LongestEvent]);
        WriterOf(name)(ref line);
        Type type = typeof(Events).GetMethod(name) is null ? typeof(Warnings) : typeof(Events);
        int longest = (int)type.GetField("Longest" + name)!.GetRawConstantValue()!;
        Assert.InRange(line.Length, 1, longest);
        Assert.InRange(longest, 1, Limits.LongestEvent);
        Assert.Equal(line.Length - 1, line.Written.IndexOf((byte)'\n'));
    }

    [Fact]
    public async Task EveryWriter()
    {
        StringBuilder text = new();
        foreach ((string name, EventWriters.Writer write) in EventWriters.All)
        {
            LineWriter line = new(new byte[2 * Limits.LongestEvent]);
            write(ref line);
            text.Append(name).Append("\n  ").Append(Notation.Encode(Encoding.Latin1.GetString(line.Written)));
            text.Append('\n');
        }

        await Verifier.Verify(text.ToString());
    }

    private static EventWriters.Writer WriterOf(string name)
    {
        string type = typeof(Events).GetMethod(name) is null ? nameof(Warnings) : nameof(Events);
        Assert.True(
            EventWriters.All.TryGetValue(name, out EventWriters.Writer? write),
            "tests/Daemonproxy.Tests/Allocation/EventWriters.cs has no writer of this event: add a line such as\n"
            + $"[nameof({type}.{name})] = (ref line) => {type}.{name}(ref line, Name, _text),\n"
            + "with the longest value of each field; then `make accept`");
        return write;
    }

    private static void Repeat(EventWriters.Writer write, byte[] buffer)
    {
        for (int i = 0; i < Runs; i++)
        {
            LineWriter line = new(buffer);
            write(ref line);
        }
    }
}
