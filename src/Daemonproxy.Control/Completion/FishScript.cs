using System;
using System.Linq;
using System.Text;
using Daemonproxy.Control.Verbs;

namespace Daemonproxy.Control.Completion;

/// <summary>The completion of fish, which shows the state beside a name.</summary>
internal static class FishScript
{
    public static string Text
    {
        get
        {
            Verb[] verbs = [.. VerbTable.All.Where(verb => !verb.IsHidden)];
            var text = new StringBuilder();
            text.Append("# Completion of dpctl for fish, made by: dpctl completion fish\n\n");
            text.Append("function __dpctl_names\n    set -l words (commandline -opc)\n    set -l socket\n");
            text.Append("    for i in (seq (count $words))\n        if contains -- $words[$i] -S --socket\n");
            text.Append("            set socket -S $words[(math $i + 1)]\n        end\n    end\n");
            text.Append("    dpctl $socket __names $argv 2>/dev/null\nend\n\n");
            text.Append("function __dpctl_no_verb\n    not __fish_seen_subcommand_from ");
            text.Append($"{string.Join(' ', verbs.Select(verb => verb.Name))}\nend\n\ncomplete -c dpctl -f\n");
            foreach (VerbOption option in VerbTable.Everywhere)
            {
                AppendOption(text, option, "");
            }

            foreach (Verb verb in verbs)
            {
                text.Append($"complete -c dpctl -n __dpctl_no_verb -a {verb.Name} -d {Quote(verb.Summary)}\n");
            }

            foreach (Verb verb in verbs)
            {
                Append(text, verb);
            }

            return text.ToString();
        }
    }

    private static void Append(StringBuilder text, Verb verb)
    {
        string names = verb.Alias is null ? verb.Name : $"{verb.Name} {verb.Alias}";
        string condition = $" -n '__fish_seen_subcommand_from {names}'";
        foreach (VerbOption option in verb.Options)
        {
            AppendOption(text, option, condition);
        }

        if (CompletionVerb.NamesOf(verb) is { } which)
        {
            text.Append($"complete -c dpctl{condition} -a '({$"__dpctl_names {which}".TrimEnd()})'\n");
        }
        else if (verb.Words == VerbWords.ImportKindsThenFiles)
        {
            string kinds = string.Join(' ', CompletionVerb.WordsOf(verb));
            string seen = $"__fish_seen_subcommand_from {kinds}";
            text.Append($"complete -c dpctl -n '__fish_seen_subcommand_from {names}; and not {seen}' -a '{kinds}'\n");
            text.Append($"complete -c dpctl -n '__fish_seen_subcommand_from {names}; and {seen}' -F\n");
        }
        else if (CompletionVerb.WordsOf(verb) is { Length: > 0 } words)
        {
            text.Append($"complete -c dpctl{condition} -a '{string.Join(' ', words)}'\n");
        }
        else if (verb.Words == VerbWords.Files || verb.HasProgram)
        {
            text.Append($"complete -c dpctl{condition} -F\n");
        }
    }

    private static void AppendOption(StringBuilder text, VerbOption option, string condition)
    {
        string name = option.Short is null ? "" : $" -s {option.Short[1..]}";
        string value = option.Value is null ? ""
            : option.Words.Length > 0 ? $" -x -a '{string.Join(' ', option.Words)}'"
            : option.IsFile ? " -r -F" : " -x";
        text.Append($"complete -c dpctl{condition}{name} -l {option.Name[2..]}{value} -d {Quote(option.Text)}\n");
    }

    private static string Quote(string text) =>
        $"'{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";
}
