using System.Globalization;

namespace Daemonproxy.Manager.Files;

/// <summary>The severity of a problem: whether the file can be used.</summary>
public enum Severity
{
    /// <summary>The file cannot be used.</summary>
    Error,

    /// <summary>It can be used, perhaps on another machine.</summary>
    Warning,
}

/// <summary>A problem in a file.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Line">The line, from 1; 0 for the file as a whole.</param>
/// <param name="Column">The character in the line, from 1.</param>
/// <param name="Length">The number of characters; 0 if unknown.</param>
/// <param name="Message">The problem in one sentence, without a full stop.</param>
/// <param name="Severity">True if the file can still be used.</param>
public sealed record Problem(
    string File, int Line, int Column, int Length, string Message, Severity Severity = Severity.Error)
{
    /// <summary><c>file:line:column: message</c>.</summary>
    public override string ToString()
    {
        string message = Severity == Severity.Warning ? $"warning: {Message}" : Message;
        return Line == 0
            ? $"{File}: {message}"
            : string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {message}");
    }
}
