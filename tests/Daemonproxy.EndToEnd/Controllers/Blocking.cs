using System;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;

namespace Daemonproxy.EndToEnd.Controllers;

/// <summary>A controller that asks for answers and does not read them.</summary>
internal static class Blocking
{
    /// <summary>The answer that is asked for again and again.</summary>
    public static readonly string Answer = new('x', 994);

    /// <summary>
    /// Asks until the daemon takes no more, since it waits for the answers to be read; how often that was. The last
    /// line is finished by what is sent next.
    /// </summary>
    public static int Block(Connection connection, Controller other)
    {
        // When it takes nothing in three turns, it is not merely busy.
        const int Turns = 3;
        byte[] line = Text.Bytes($"echo⇥{Answer}\n");
        byte[] lines = [.. Enumerable.Repeat(line, 100).SelectMany(bytes => bytes)];
        int sent = 0;
        int refused = 0;
        while (refused < Turns)
        {
            int count = connection.SendSome(lines.AsSpan(sent % lines.Length));
            sent += count;
            refused = count == 0 ? refused + 1 : 0;
            other.Sync();
        }

        return (sent + line.Length - 1) / line.Length;
    }
}
