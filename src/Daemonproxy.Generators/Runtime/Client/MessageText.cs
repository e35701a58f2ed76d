using System;
using System.Text;

namespace Daemonproxy.Client;

/// <summary>Compares the texts of errors, which are sentences with values in them.</summary>
internal static class MessageText
{
    /// <summary>
    /// True if a text has these pieces in it, in order, and begins with the first. A text made with values is cut where
    /// it is too long, so that the last pieces may be missing.
    /// </summary>
    public static bool IsLike(string text, ReadOnlySpan<string> pieces)
    {
        if (!text.StartsWith(pieces[0], StringComparison.Ordinal))
        {
            return false;
        }

        int at = pieces[0].Length;
        foreach (string piece in pieces[1..])
        {
            int found = text.IndexOf(piece, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return IsCut(text);
            }

            at = found + piece.Length;
        }

        return true;
    }

    private static bool IsCut(string text) => Encoding.UTF8.GetByteCount(text) >= ClientSpec.LongestErrorText;
}
