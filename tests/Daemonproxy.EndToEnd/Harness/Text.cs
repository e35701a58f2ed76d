using System;
using System.Text;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>The notation of protocol lines in tests: a TAB is ⇥, and every byte is one character.</summary>
internal static class Text
{
    public static string WithTabs(string text) => text.Replace('⇥', '\t');

    public static string Shown(string text) => text.Replace('\t', '⇥');

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(WithTabs(text));

    /// <summary>The bytes of a C string.</summary>
    public static byte[] Terminated(string text) => Bytes(text + "\0");

    public static string From(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>
    /// True if a line looks like a pattern: field by field, <c>*</c> for any field, a last <c>**</c> for any rest.
    /// </summary>
    public static bool Matches(string line, string pattern)
    {
        string[] fields = WithTabs(line).Split('\t');
        string[] wanted = WithTabs(pattern).Split('\t');
        bool isOpen = wanted[^1] == "**";
        int count = isOpen ? wanted.Length - 1 : wanted.Length;
        if (isOpen ? fields.Length < count : fields.Length != count)
        {
            return false;
        }

        for (int at = 0; at < count; at++)
        {
            if (wanted[at] != "*" && wanted[at] != fields[at])
            {
                return false;
            }
        }

        return true;
    }
}
