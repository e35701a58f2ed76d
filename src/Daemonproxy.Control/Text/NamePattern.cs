using System;

namespace Daemonproxy.Control.Text;

/// <summary>Name patterns with <c>*</c>, which matches any characters, or none.</summary>
internal static class NamePattern
{
    public static bool Is(string word) => word.Contains('*', StringComparison.Ordinal);

    public static bool Matches(string pattern, string name)
    {
        string[] pieces = pattern.Split('*');
        if (pieces.Length == 1)
        {
            return pattern == name;
        }

        string first = pieces[0];
        string last = pieces[^1];
        if (name.Length < first.Length + last.Length || !name.StartsWith(first, StringComparison.Ordinal)
            || !name.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        int at = first.Length;
        int end = name.Length - last.Length;
        foreach (string piece in pieces[1..^1])
        {
            int found = name.IndexOf(piece, at, end - at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + piece.Length;
        }

        return true;
    }
}
