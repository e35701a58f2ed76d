using System;
using System.Text;
using Daemonproxy.Tests.Simulation;
using Xunit;

namespace Daemonproxy.Tests.Fuzz;

/// <summary>Bytes of every kind into the whole daemon: never an exception, and it answers afterwards.</summary>
public sealed class LineFuzzTests
{
    private const int Worlds = 60;
    private const int Chunks = 150;

    [Fact]
    public void MutatedLines()
    {
        for (int seed = 1; seed <= Worlds; seed++)
        {
            Random random = new(seed);
            Run(seed, () => Corpus.Mutate(random));
        }
    }

    [Fact]
    public void AnyBytes()
    {
        for (int seed = 1; seed <= Worlds; seed++)
        {
            Random random = new(seed);
            Run(seed, () =>
            {
                byte[] bytes = new byte[random.Next(random.Next(10) == 0 ? 10_000 : 100)];
                random.NextBytes(bytes);
                return bytes;
            });
        }
    }

    private static void Run(int seed, Func<byte[]> next)
    {
        using SimWorld world = new();
        world.Kernel.AddProgram("/bin/web");
        world.Kernel.AddProgram("/bin/once").EndsAfter = 0;
        world.Start("-i");
        world.AfterTurn = () => Invariants.Check(world);
        byte[] last = [];
        try
        {
            for (int i = 0; i < Chunks; i++)
            {
                last = next();
                world.Session.Send(last);
                world.Settle();
                world.Session.TakeReceived();
            }

            LargestAnswer(world);
        }
        catch (Exception e)
        {
            Assert.Fail($"seed {seed}: {e}\n{Transcripts.Notation.Encode(Encoding.Latin1.GetString(last))}");
        }
    }

    // All of what came may be one line that has not ended; a mutation may have ended the session, too.
    private static void LargestAnswer(SimWorld world)
    {
        if (world.ExitCode is null)
        {
            world.Session.Send("\nstatedump\necho\tthe end\n"u8);
            world.Settle();
            string answer = world.Session.TakeReceived();
            Assert.Contains("fd.state\tnull\tspecial\tread,write\t/dev/null\n", answer, StringComparison.Ordinal);
            Assert.EndsWith("\nthe end\n", answer, StringComparison.Ordinal);
        }
    }
}
