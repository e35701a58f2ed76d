using System;
using System.Collections.Generic;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Verbs;

/// <summary>A verb with what was given to it, and the two streams that it writes to.</summary>
internal sealed class VerbCall(Verb verb, Output output, Output errors)
{
    private readonly Dictionary<string, string[]> _options = [];

    /// <summary>The verb.</summary>
    public Verb Verb => verb;

    /// <summary>Standard output.</summary>
    public Output Out => output;

    /// <summary>Standard error.</summary>
    public Output Error => errors;

    /// <summary>The words behind the verb.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What stands behind <c>--</c>, of a verb that takes a program.</summary>
    public IReadOnlyList<string> Program { get; init; } = [];

    /// <summary>Whether the verb was named; otherwise it is the usual one.</summary>
    public bool HasVerb { get; init; }

    /// <summary>The socket that was named; null for none.</summary>
    public string? Socket => Value("--socket");

    /// <summary>An option that was given, with its values.</summary>
    public void Add(string option, string[] values) => _options[option] = values;

    /// <summary>Whether an option was given.</summary>
    public bool Has(string option) => _options.ContainsKey(option);

    /// <summary>
    /// The value of an option, the last one where it was given several times; null if it was not given.
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

    /// <summary>A remark for people: on standard error, if that is a terminal.</summary>
    public void Hint(string text)
    {
        if (errors.IsTerminal)
        {
            errors.WriteLine(text);
        }
    }
}
