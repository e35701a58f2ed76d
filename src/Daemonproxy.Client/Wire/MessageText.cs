using System;
using System.Text;

namespace Daemonproxy.Client;

/// <summary>Texts of errors, which are sentences with values in them.</summary>
internal static class MessageText
{
    // The separator between the text of an error and the quoted line.
    private const string BeforeLine = ", for command \"";

    /// <summary>Returns the text without the quoted line.</summary>
    public static string WithoutLine(string text)
    {
        int at = text.IndexOf(BeforeLine, StringComparison.Ordinal);
        return at < 0 ? text : text[..at];
    }

    /// <summary>
    /// Returns true if a text has these pieces in order, begins with the first and ends with the last. A text with
    /// values is cut if it is too long, so the last pieces may be missing.
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
                return Encoding.UTF8.GetByteCount(text) >= ProtocolLimits.ErrorText;
            }

            at = found + piece.Length;
        }

        return true;
    }
}
