using System;
using System.Collections.Generic;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Verbs;

/// <summary>A call of a verb, with its words and options, and its output streams.</summary>
internal sealed class VerbCall(Verb verb, Output output, Output errors)
{
    private readonly Dictionary<string, string[]> _options = [];

    /// <summary>The verb.</summary>
    public Verb Verb => verb;

    /// <summary>Standard output.</summary>
    public Output Out => output;

    /// <summary>Standard error.</summary>
    public Output Error => errors;

    /// <summary>The words after the verb.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The words after <c>--</c>, for a verb that takes a program.</summary>
    public IReadOnlyList<string> Program { get; init; } = [];

    /// <summary>True if the verb was named; otherwise it is the default one.</summary>
    public bool HasVerb { get; init; }

    /// <summary>The socket of <c>-S</c>; null if absent.</summary>
    public string? Socket => Value("--socket");

    /// <summary>Adds an option with its values.</summary>
    public void Add(string option, string[] values) => _options[option] = values;

    /// <summary>Returns true if an option was given.</summary>
    public bool Has(string option) => _options.ContainsKey(option);

    /// <summary>
    /// The value of an option, the last one if it was given several times; null if absent.
    /// </summary>
    public string? Value(string option) => _options.TryGetValue(option, out string[]? values) ? values[^1] : null;

    /// <summary>All values of an option.</summary>
    public string[] Values(string option) => _options.GetValueOrDefault(option, []);

    /// <summary>The value of an option that is a time.</summary>
    /// <exception cref="Problem">It is none.</exception>
    public TimeSpan? Duration(string option) => Value(option) is not { } text
        ? null
        : DurationText.Read(text)
            ?? throw Problem.Usage($"{option} needs a time such as 30, 30s, 5m or 1h, not '{VisibleText.Of(text)}'");

    /// <summary>The value of an option that is a whole number above zero.</summary>
    /// <exception cref="Problem">It is none.</exception>
    public int Number(string option, int usual) => Value(option) is not { } text
        ? usual
        : int.TryParse(text, out int number) && number > 0
            ? number
            : throw Problem.Usage($"{option} needs a number above zero, not '{VisibleText.Of(text)}'");

    /// <summary>Prints a remark for people: on standard error, if that is a terminal.</summary>
    public void Hint(string text)
    {
        if (errors.IsTerminal)
        {
            errors.WriteLine(text);
        }
    }
}
