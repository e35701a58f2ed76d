using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Daemonproxy.Client;

/// <summary>The form of names.</summary>
internal static class WireName
{
    private static readonly SearchValues<char> _characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    // Recently received names, of any kind.
    private static readonly TextCache _names = new();

    /// <summary>Returns the name of these bytes, if they have the form of a name.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int longest, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (bytes.Length > longest || bytes.IsEmpty)
        {
            return false;
        }

        if (bytes.Length > TextCache.Longest)
        {
            name = TextBytes.Decode(bytes);
            return IsName(name, longest);
        }

        name = _names.TryFind(bytes);
        if (name is not null)
        {
            return true;
        }

        name = TextBytes.Decode(bytes);
        if (!IsName(name, longest))
        {
            return false;
        }

        _names.Keep(bytes, name);
        return true;
    }

    public static bool IsName([NotNullWhen(true)] string? text, int longest) =>
        text is { Length: > 0 } && text.Length <= longest && text.AsSpan().IndexOfAnyExcept(_characters) < 0;

    /// <summary>Returns the text, if it has the form of a name.</summary>
    /// <exception cref="ArgumentException">The text is not a name.</exception>
    public static string Check(string text, int longest, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        return IsName(text, longest)
            ? text
            : throw new ArgumentException(
                $"\"{text}\" is not a name: 1 to {longest} characters of A-Z a-z 0-9 . _ -", parameter);
    }
}
