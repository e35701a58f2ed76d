using System;
using System.Globalization;

namespace Daemonproxy.Import;

/// <summary>The definitions cannot be read at all: <c>file:line:column: reason</c>.</summary>
/// <param name="file">The path of the file.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="column">The character in the line, from 1.</param>
/// <param name="reason">The reason, without a full stop.</param>
public sealed class ImportException(string file, int line, int column, string reason)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"{file}:{line}:{column}: {reason}"))
{
    /// <summary>A file as a whole cannot be read.</summary>
    public ImportException(string file, string reason)
        : this(file, 1, 1, reason)
    {
    }
}
