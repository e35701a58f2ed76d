using System.Globalization;

namespace Daemonproxy.Manager.Files;

/// <summary>Whether a file can be used in spite of a problem.</summary>
public enum Severity
{
    /// <summary>The file cannot be used.</summary>
    Error,

    /// <summary>It can be used, perhaps on another machine.</summary>
    Warning,
}

/// <summary>Something in a file that is not as it must be.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Line">The line, from 1; 0 for the file as a whole.</param>
/// <param name="Column">The character in the line, from 1.</param>
/// <param name="Length">How many characters are meant; 0 if that is not known.</param>
/// <param name="Message">What is wrong, without a full stop.</param>
/// <param name="Severity">Whether the file can be used all the same.</param>
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
