using System;

namespace Daemonproxy.Control.Verbs;

/// <summary>The kinds of words after a verb, for completion.</summary>
internal enum VerbWords
{
    None,
    Services,
    ServicesNotUp,
    ServicesUp,
    Files,
    Shells,
    Levels,
    ImportKindsThenFiles,
}

/// <summary>
/// A verb: the only place where it is declared. The parser, <c>--help</c>, the completions and the manual page come
/// from here.
/// </summary>
/// <param name="Name">The word.</param>
/// <param name="Summary">One line with its purpose.</param>
internal sealed record Verb(string Name, string Summary)
{
    /// <summary>Another word for it.</summary>
    public string? Alias { get; init; }

    /// <summary>The words after it, for the help: <c>NAME...</c>.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>The fewest words after it.</summary>
    public int Least { get; init; }

    /// <summary>The most words after it.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>The kind of these words.</summary>
    public VerbWords Words { get; init; }

    /// <summary>True if a program with its arguments follows <c>--</c>.</summary>
    public bool HasProgram { get; init; }

    /// <summary>Its options, besides those of every verb.</summary>
    public VerbOption[] Options { get; init; } = [];

    /// <summary>Further details for the manual page and the help; whole sentences.</summary>
    public string Details { get; init; } = "";

    /// <summary>An example that works.</summary>
    public string Example { get; init; } = "";

    /// <summary>The exit codes that differ from those of other verbs, as a sentence.</summary>
    public string ExitCodes { get; init; } = "";

    /// <summary>True if the help leaves it out: only completions call it.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Runs it; returns the exit code.</summary>
    public required Func<VerbCall, int> Run { get; init; }
}
