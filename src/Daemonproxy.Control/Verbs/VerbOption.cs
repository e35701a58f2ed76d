namespace Daemonproxy.Control.Verbs;

/// <summary>An option of a verb.</summary>
/// <param name="Name">Its name, such as <c>--timeout</c>.</param>
/// <param name="Text">One line with its purpose, default and unit.</param>
internal sealed record VerbOption(string Name, string Text)
{
    /// <summary>The short name, such as <c>-p</c>; null for none.</summary>
    public string? Short { get; init; }

    /// <summary>The name of its value; null if it has none.</summary>
    public string? Value { get; init; }

    /// <summary>The values that it can have; empty if it can have any.</summary>
    public string[] Words { get; init; } = [];

    /// <summary>True if its value is a file.</summary>
    public bool IsFile { get; init; }

    /// <summary>Its form in a list: <c>-p, --problems</c>.</summary>
    public string Shown => (Short is null ? "    " : $"{Short}, ") + Name + (Value is null ? "" : $" {Value}");
}
