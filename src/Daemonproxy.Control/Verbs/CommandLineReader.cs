using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Linq;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Verbs;

/// <summary>
/// Reads the command line by System.CommandLine, with a command for the called verb only: making all of them would take
/// longer than the verb.
/// </summary>
internal static class CommandLineReader
{
    /// <summary>Parses a command line.</summary>
    /// <exception cref="Problem">There is no such verb or option, or a value is missing or wrong.</exception>
    public static VerbCall Read(string[] line, Output output, Output errors)
    {
        if (line is ["help", .. string[] asked])
        {
            // Not a verb; but what many type first.
            line = [.. asked, "--help"];
        }

        int dashes = Array.IndexOf(line, "--");
        string[] before = dashes < 0 ? line : line[..dashes];
        string[] behind = dashes < 0 ? [] : line[(dashes + 1)..];
        int at = FindVerb(before);
        Verb verb = at < 0 ? VerbTable.Usual : VerbTable.Find(before[at]);
        IEnumerable<string> others = at < 0 ? before : [.. before[..at], .. before[(at + 1)..]];

        if (ReadPlain(verb, [.. others], at >= 0, behind, output, errors) is { } plain)
        {
            return plain;
        }

        RefuseValues(verb, others);

        // The name first: otherwise a word that equals the name of the command would be mistaken for it.
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(verb.Name) { words };
        var options = new List<(VerbOption, Option)>();
        foreach (VerbOption option in verb.Options.Concat(VerbTable.Everywhere))
        {
            options.Add((option, Add(command, option)));
        }

        ParseResult result = command.Parse(
            [verb.Name, .. others], new ParserConfiguration { ResponseFileTokenReplacer = null });
        string[] found = result.GetValue(words) ?? [];
        Refuse(verb, result, found, options);
        var call = new VerbCall(verb, output, errors)
        {
            HasVerb = at >= 0,
            Words = verb.HasProgram ? found : [.. found, .. behind],
            Program = verb.HasProgram ? behind : [],
        };
        Take(call, result, options);
        Check(call);
        return call;
    }

    // Words without options except -S: most calls, in loops and prompts. The parser would take a third of their time.
    private static VerbCall? ReadPlain(
        Verb verb, string[] others, bool hasVerb, string[] behind, Output output, Output errors)
    {
        string[] words = others is ["-S", _, .. string[] rest] ? rest : others;
        if (verb.HasProgram || Array.Exists(words, word => word.StartsWith('-')))
        {
            return null;
        }

        var call = new VerbCall(verb, output, errors) { HasVerb = hasVerb, Words = [.. words, .. behind] };
        if (words.Length != others.Length)
        {
            call.Add("--socket", [others[1]]);
        }

        Check(call);
        return call;
    }

    // The first word that is neither a global option nor its value.
    private static int FindVerb(string[] line)
    {
        for (int index = 0; index < line.Length; index++)
        {
            if (!line[index].StartsWith('-'))
            {
                return index;
            }

            if (line[index] == "-S" || VerbTable.Everywhere.Any(option => option.Value is not null
                && (option.Name == line[index] || option.Short == line[index])))
            {
                index++;
            }
            else if (!VerbTable.Everywhere.Any(option => line[index].StartsWith(option.Name, StringComparison.Ordinal)
                || (option.Short is { } name && line[index].StartsWith(name, StringComparison.Ordinal))))
            {
                // An option of the default verb, with a value or without: the rest is not checked here.
                return -1;
            }
        }

        return -1;
    }

    private static Option Add(Command command, VerbOption declared)
    {
        string[] aliases = declared.Short is { } name ? [name] : [];
        Option option = declared.Value is null
            ? new Option<bool>(declared.Name, aliases) { Arity = ArgumentArity.Zero }
            : new Option<string[]>(declared.Name, aliases) { AllowMultipleArgumentsPerToken = false };
        command.Options.Add(option);
        return option;
    }

    private static void Refuse(
        Verb verb, ParseResult result, string[] words, List<(VerbOption Declared, Option Parsed)> options)
    {
        if (words.FirstOrDefault(word => word.Length > 1 && word[0] == '-') is { } unknown)
        {
            string name = unknown.Split('=')[0];
            throw Problem.Usage($"{verb.Name} has no option '{VisibleText.Of(name)}'"
                + Suggestion.For(name, options.Select(option => option.Declared.Name)));
        }

        foreach (ParseError error in result.Errors)
        {
            VerbOption? option = options
                .FirstOrDefault(option => error.SymbolResult is OptionResult wrong && wrong.Option == option.Parsed)
                .Declared;
            throw Problem.Usage(option is null ? error.Message : $"{option.Name} needs a value: {option.Value}");
        }
    }

    // The parser would take the value of an option that has none for a word.
    private static void RefuseValues(Verb verb, IEnumerable<string> words)
    {
        foreach (string word in words.Where(static word => word.StartsWith("--", StringComparison.Ordinal)))
        {
            string[] parts = word.Split('=', 2);
            if (parts.Length > 1 && verb.Options.Concat(VerbTable.Everywhere)
                .Any(option => option.Name == parts[0] && option.Value is null))
            {
                throw Problem.Usage($"{parts[0]} has no value, such as '{VisibleText.Of(parts[1])}'");
            }
        }
    }

    private static void Take(VerbCall call, ParseResult result, List<(VerbOption Declared, Option Parsed)> options)
    {
        foreach ((VerbOption declared, Option parsed) in options)
        {
            if (result.GetResult(parsed) is not OptionResult { Implicit: false } given)
            {
                continue;
            }

            string[] values = [.. given.Tokens.Select(token => token.Value)];
            call.Add(declared.Name, declared.Value is null ? [""] : values);
            if (declared.Words.Length > 0 && !declared.Words.Contains(values[^1]))
            {
                throw Problem.Usage($"{declared.Name} is {Sentence.Join(declared.Words, "or")}, "
                    + $"not '{VisibleText.Of(values[^1])}'{Suggestion.For(values[^1], declared.Words)}");
            }
        }
    }

    private static void Check(VerbCall call)
    {
        Verb verb = call.Verb;
        if (call.Has("--help") || call.Has("--version"))
        {
            return;
        }

        if (call.Words.Count < verb.Least)
        {
            bool areServices =
                verb.Words is VerbWords.Services or VerbWords.ServicesUp or VerbWords.ServicesNotUp;
            string all = areServices && call.Words.Count == 0
                ? "; all of them are '*'"
                : "";
            throw Problem.Usage($"{verb.Name} needs {verb.Arguments}{all}: dpctl {verb.Name} --help");
        }

        if (call.Words.Count > verb.Most)
        {
            string way = verb.HasProgram ? "what to run goes behind --: " : "";
            throw Problem.Usage(
                $"{verb.Name} does not take '{VisibleText.Of(call.Words[verb.Most])}': {way}dpctl {verb.Name} --help");
        }

        if (verb.HasProgram && call.Program.Count == 0)
        {
            throw Problem.Usage($"{verb.Name} needs a program behind --: dpctl {verb.Name} --help");
        }
    }
}
