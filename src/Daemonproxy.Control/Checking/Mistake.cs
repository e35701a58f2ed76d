namespace Daemonproxy.Control.Checking;

/// <summary>A mistake in a file.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">The number of the line, from 1.</param>
/// <param name="Column">The character, from 1.</param>
/// <param name="Length">Its length in characters.</param>
/// <param name="Message">The mistake, in one sentence.</param>
internal sealed record Mistake(string File, int Line, int Column, int Length, string Message)
{
    /// <summary>Advice; empty if there is none.</summary>
    public string Hint { get; init; } = "";

    /// <summary>True if it may be correct on another machine.</summary>
    public bool IsWarning { get; init; }

    /// <summary>The line itself; empty if it is not helpful.</summary>
    public string Source { get; init; } = "";
}
