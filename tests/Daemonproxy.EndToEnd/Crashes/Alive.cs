using System;
using Daemonproxy.EndToEnd.Harness;

namespace Daemonproxy.EndToEnd.Crashes;

/// <summary>Waits for an answer of a daemon that may crash over the very question.</summary>
internal static class Alive
{
    private static int s_asked;

    /// <summary>Asks until it is answered; the lines that came up to then.</summary>
    public static string[] Await(Daemon daemon)
    {
        System.Collections.Generic.List<string> all = [];
        while (true)
        {
            string word = $"alive {System.Threading.Interlocked.Increment(ref s_asked)}";
            daemon.Send($"echo⇥{word}");
            string[] told = daemon.Output.AwaitAll(line => line == word || IsLost(line, word), word);
            all.AddRange(told);
            if (told[^1] == word)
            {
                return [.. all];
            }
        }
    }

    // The line that crashed is answered; one that was in the middle of being sent is sent again.
    private static bool IsLost(string line, string word) =>
        line.StartsWith("error\tinternal error", StringComparison.Ordinal)
        && line.Contains(word, StringComparison.Ordinal);
}
