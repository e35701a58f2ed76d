using System;

namespace Daemonproxy.Control.Completion;

/// <summary>Text in a manual page, as man(7) reads it.</summary>
internal static class Troff
{
    /// <summary>A text that stands for itself: a dash is a dash, and a dot at its beginning no request.</summary>
    public static string Escape(string text)
    {
        string escaped = text.Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal).Replace("'", "\\(aq", StringComparison.Ordinal)
            .Replace("^", "\\(ha", StringComparison.Ordinal).Replace("~", "\\(ti", StringComparison.Ordinal);
        return escaped.StartsWith('.') ? $"\\&{escaped}" : escaped;
    }
}
