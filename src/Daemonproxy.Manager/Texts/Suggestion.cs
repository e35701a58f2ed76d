using System;
using System.Collections.Generic;
using System.Linq;

namespace Daemonproxy.Manager.Texts;

/// <summary>
/// Suggests similar words: at most two letters differ, and fewer than half of them; in a word of two letters one.
/// </summary>
public static class Suggestion
{
    private const int MostChanges = 2;
    private const int MostNames = 3;

    /// <summary>
    /// <c>; did you mean 'web'?</c> with the most similar names, up to three that are equally similar; empty if there
    /// is none.
    /// </summary>
    /// <param name="word">The unknown word.</param>
    /// <param name="names">The known names.</param>
    public static string For(string word, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(names);
        int best = word.Length == 2 ? 1 : Math.Min(MostChanges, (word.Length - 1) / 2);
        List<string> nearest = [];
        foreach (string name in names)
        {
            int changes = Changes(word, name);
            if (changes < best || (changes == best && nearest.Count > 0))
            {
                if (changes < best)
                {
                    nearest.Clear();
                }

                best = changes;
                nearest.Add(name);
            }
            else if (changes == best)
            {
                nearest.Add(name);
            }
        }

        string[] shown = [.. nearest.Take(MostNames).Select(name => $"'{name}'")];
        return shown.Length == 0 ? "" : $"; did you mean {Join(shown)}?";
    }

    private static string Join(string[] names) =>
        names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";

    // The number of different letters; two swapped neighbours count as one.
    private static int Changes(string one, string other)
    {
        if (Math.Abs(one.Length - other.Length) > MostChanges)
        {
            return MostChanges + 1;
        }

        int[][] rows = [new int[other.Length + 1], new int[other.Length + 1], new int[other.Length + 1]];
        for (int column = 0; column <= other.Length; column++)
        {
            rows[0][column] = column;
        }

        for (int line = 1; line <= one.Length; line++)
        {
            int[] current = rows[line % 3];
            int[] above = rows[(line - 1) % 3];
            int[] before = rows[(line + 1) % 3];
            current[0] = line;
            for (int column = 1; column <= other.Length; column++)
            {
                int change = one[line - 1] == other[column - 1] ? 0 : 1;
                int least = Math.Min(Math.Min(above[column], current[column - 1]) + 1, above[column - 1] + change);
                bool isSwap = line > 1 && column > 1 && one[line - 1] == other[column - 2]
                    && one[line - 2] == other[column - 1];
                current[column] = isSwap ? Math.Min(least, before[column - 2] + 1) : least;
            }
        }

        return rows[one.Length % 3][other.Length];
    }
}
