using System;
using System.Collections.Generic;
using System.Linq;

namespace Daemonproxy.Manager.Files;

/// <summary>What somebody may have meant by a word that is not known.</summary>
public static class Suggestion
{
    private const int MostChanges = 2;
    private const int MostWords = 3;

    /// <summary>
    /// The known words that differ least: by at most two letters (a swap of neighbours is one), and by at most half
    /// of the word; at most three.
    /// </summary>
    /// <param name="word">The word that is not known.</param>
    /// <param name="known">Those that are.</param>
    public static IReadOnlyList<string> Find(string word, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(known);
        List<(string Word, int Changes)> near =
        [
            .. known.Distinct(StringComparer.Ordinal)
                .Select(other => (other, Distance(word, other)))
                .Where(pair => pair.Item2 <= MostChanges && pair.Item2 * 2 <= word.Length),
        ];
        int least = near.Count == 0 ? 0 : near.Min(static pair => pair.Changes);
        return
        [
            .. near.Where(pair => pair.Changes == least).Select(static pair => pair.Word)
                .Order(StringComparer.Ordinal).Take(MostWords),
        ];
    }

    /// <summary><c>; did you mean 'db'?</c>, or nothing.</summary>
    /// <param name="word">The word that is not known.</param>
    /// <param name="known">Those that are.</param>
    public static string Text(string word, IEnumerable<string> known)
    {
        IReadOnlyList<string> found = Find(word, known);
        return found.Count == 0 ? "" : $"; did you mean {string.Join(" or ", found.Select(static one => $"'{one}'"))}?";
    }

    // Optimal string alignment: insertions, deletions, changes, and swaps of neighbours.
    private static int Distance(string one, string other)
    {
        if (Math.Abs(one.Length - other.Length) > MostChanges)
        {
            return int.MaxValue / 2;
        }

        int[,] cost = new int[one.Length + 1, other.Length + 1];
        for (int row = 0; row <= one.Length; row++)
        {
            for (int column = 0; column <= other.Length; column++)
            {
                if (row == 0 || column == 0)
                {
                    cost[row, column] = row + column;
                    continue;
                }

                int change = one[row - 1] == other[column - 1] ? 0 : 1;
                int best = Math.Min(
                    Math.Min(cost[row - 1, column], cost[row, column - 1]) + 1, cost[row - 1, column - 1] + change);
                if (row > 1 && column > 1 && one[row - 1] == other[column - 2] && one[row - 2] == other[column - 1])
                {
                    best = Math.Min(best, cost[row - 2, column - 2] + 1);
                }

                cost[row, column] = best;
            }
        }

        return cost[one.Length, other.Length];
    }
}
