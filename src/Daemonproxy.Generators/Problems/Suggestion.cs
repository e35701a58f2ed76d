using System;
using System.Collections.Generic;

namespace Daemonproxy.Generators.Problems;

/// <summary>Finds what a misspelt word was probably meant to be.</summary>
internal static class Suggestion
{
    /// <summary><c>; did you mean "x"?</c> for the nearest candidate, or nothing when none is near.</summary>
    public static string For(string word, IEnumerable<string> candidates) =>
        Nearest(word, candidates) is { } best ? "; did you mean \"" + best + "\"?" : "";

    /// <summary>The nearest candidate; null when none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        // A third of the letters wrong is still recognisable; more is another word.
        int nearest = Math.Max(2, word.Length / 3) + 1;
        string? best = null;
        foreach (string candidate in candidates)
        {
            int distance = Distance(word, candidate);
            if (distance < nearest && distance < Math.Max(word.Length, candidate.Length))
            {
                nearest = distance;
                best = candidate;
            }
        }

        return best;
    }

    // Letters inserted, left out, replaced, or swapped with their neighbour.
    private static int Distance(string left, string right)
    {
        var before = new int[right.Length + 1];
        var previous = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (int column = 0; column <= right.Length; column++)
        {
            previous[column] = column;
        }

        for (int row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            for (int column = 1; column <= right.Length; column++)
            {
                int replace = previous[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                int cost = Math.Min(replace, Math.Min(previous[column], current[column - 1]) + 1);
                bool swapped = row > 1 && column > 1
                    && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1];
                current[column] = swapped ? Math.Min(cost, before[column - 2] + 1) : cost;
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[right.Length];
    }
}
