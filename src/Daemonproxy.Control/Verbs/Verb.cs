using System;

namespace Daemonproxy.Control.Verbs;

/// <summary>What the words behind a verb are, for completion.</summary>
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
/// <param name="Summary">One line that says what it does.</param>
internal sealed record Verb(string Name, string Summary)
{
    /// <summary>Another word for it.</summary>
    public string? Alias { get; init; }

    /// <summary>The words behind it, as they are shown: <c>NAME...</c>.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>The fewest words behind it.</summary>
    public int Least { get; init; }

    /// <summary>The most words behind it.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>What these words are.</summary>
    public VerbWords Words { get; init; }

    /// <summary>Whether a program with its arguments follows behind <c>--</c>.</summary>
    public bool HasProgram { get; init; }

    /// <summary>Its options, besides those of every verb.</summary>
    public VerbOption[] Options { get; init; } = [];

    /// <summary>What else there is to know, for the manual page and the help; whole sentences.</summary>
    public string Details { get; init; } = "";

    /// <summary>An example that works.</summary>
    public string Example { get; init; } = "";

    /// <summary>The exit codes that differ from those of other verbs, as a sentence.</summary>
    public string ExitCodes { get; init; } = "";

    /// <summary>Whether it is left out of the help: the completions call it.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Runs it; the exit code.</summary>
    public required Func<VerbCall, int> Run { get; init; }
}
