namespace Daemonproxy.Control.Checking;

/// <summary>Something wrong in a file.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">The number of the line, from 1.</param>
/// <param name="Column">The character, from 1.</param>
/// <param name="Length">How many characters it is.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record Mistake(string File, int Line, int Column, int Length, string Message)
{
    /// <summary>What to do about it; empty if that is clear.</summary>
    public string Hint { get; init; } = "";

    /// <summary>Whether it may be right on another machine.</summary>
    public bool IsWarning { get; init; }

    /// <summary>The line itself; empty if showing it would not help.</summary>
    public string Source { get; init; } = "";
}
