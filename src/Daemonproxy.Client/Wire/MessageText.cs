using System;
using System.Text;

namespace Daemonproxy.Client;

/// <summary>Texts of errors, which are sentences with values in them.</summary>
internal static class MessageText
{
    // What stands between the text of an error and the line that it is about.
    private const string BeforeLine = ", for command \"";

    /// <summary>The text without the line that it repeats.</summary>
    public static string WithoutLine(string text)
    {
        int at = text.IndexOf(BeforeLine, StringComparison.Ordinal);
        return at < 0 ? text : text[..at];
    }

    /// <summary>
    /// True if a text contains these pieces in order, beginning with the first. A text made with values is cut where
    /// it is too long, so that the last ones may be missing.
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
                return Encoding.UTF8.GetByteCount(text) >= ProtocolLimits.ErrorText;
            }

            at = found + piece.Length;
        }

        return true;
    }
}
