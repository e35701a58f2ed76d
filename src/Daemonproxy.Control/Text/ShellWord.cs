using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;

namespace Daemonproxy.Control.Text;

/// <summary>Arguments quoted for the shell, so that a copied command runs.</summary>
internal static class ShellWord
{
    private static readonly SearchValues<char> _plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=,./-");

    /// <summary>A command line.</summary>
    public static string Join(IEnumerable<string> arguments)
    {
        var line = new StringBuilder();
        foreach (string argument in arguments)
        {
            // In front of the program, NAME=VALUE would be a variable.
            bool isVariable = line.Length == 0 && argument.Contains('=', StringComparison.Ordinal);
            line.Append(line.Length > 0 ? " " : "").Append(isVariable ? Quote(argument) : Of(argument));
        }

        return line.ToString();
    }

    /// <summary>An argument.</summary>
    public static string Of(string argument) =>
        argument.Length > 0 && argument.AsSpan().IndexOfAnyExcept(_plain) < 0 ? argument : Quote(argument);

    private static string Quote(string argument)
    {
        string visible = VisibleText.Of(argument);
        if (visible == argument)
        {
            return $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
        }

        // Invisible bytes: $'…' of bash, zsh and POSIX 2024.
        string escaped = argument.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("'", @"\'", StringComparison.Ordinal);
        return $"$'{VisibleText.Of(escaped)}'";
    }
}
