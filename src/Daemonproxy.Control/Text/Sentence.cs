using System.Collections.Generic;

namespace Daemonproxy.Control.Text;

/// <summary>Parts of sentences.</summary>
internal static class Sentence
{
    /// <summary><c>a</c>, <c>a and b</c>, <c>a, b and c</c>.</summary>
    public static string Join(IReadOnlyList<string> words, string last = "and") => words.Count switch
    {
        0 => "",
        1 => words[0],
        _ => $"{string.Join(", ", Until(words, words.Count - 1))} {last} {words[^1]}",
    };

    /// <summary><c>1 mistake</c>, <c>2 mistakes</c>.</summary>
    public static string Count(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static IEnumerable<string> Until(IReadOnlyList<string> words, int count)
    {
        for (int index = 0; index < count; index++)
        {
            yield return words[index];
        }
    }
}
