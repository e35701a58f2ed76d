using System;
using System.Text;

namespace Daemonproxy.Client;

/// <summary>Compares the texts of errors, which are sentences with values in them.</summary>
internal static class MessageText
{
    /// <summary>
    /// True if a text has these pieces in it, in order, begins with the first and ends with the last. A text made with
    /// values is cut where it is too long, so that the last pieces may be missing.
    /// </summary>
    public static bool IsLike(string text, ReadOnlySpan<string> pieces)
    {
        if (!text.StartsWith(pieces[0], StringComparison.Ordinal))
        {
            return false;
        }

        int at = pieces[0].Length;
        for (int index = 1; index < pieces.Length; index++)
        {
            string piece = pieces[index];
            bool isLast = index == pieces.Length - 1;
            int found = isLast ? text.Length - piece.Length : text.IndexOf(piece, at, StringComparison.Ordinal);
            if (found < at || string.CompareOrdinal(text, found, piece, 0, piece.Length) != 0)
            {
                return IsCut(text);
            }

            at = found + piece.Length;
        }

        return true;
    }

    private static bool IsCut(string text) => Encoding.UTF8.GetByteCount(text) >= ClientSpec.LongestErrorText;
}
