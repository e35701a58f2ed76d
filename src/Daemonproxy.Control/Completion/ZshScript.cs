using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Daemonproxy.Control.Verbs;

namespace Daemonproxy.Control.Completion;

/// <summary>The completion of zsh, which shows the state beside a name.</summary>
internal static class ZshScript
{
    public static string Text
    {
        get
        {
            Verb[] verbs = [.. VerbTable.All.Where(verb => !verb.IsHidden)];
            var text = new StringBuilder();
            text.Append("#compdef dpctl\n# Completion of dpctl for zsh, made by: dpctl completion zsh\n\n");
            text.Append("_dpctl_names() {\n    local -a names socket\n    local name state\n");
            text.Append("    (( ${+opt_args[-S]} )) && socket=(-S \"$opt_args[-S]\")\n");
            text.Append("    while IFS=$'\\t' read -r name state; do names+=(\"$name:$state\"); done \\\n");
            text.Append("        < <(dpctl $socket __names $1 2>/dev/null)\n");
            text.Append("    _describe -t services service names\n}\n\n_dpctl() {\n");
            text.Append("    local curcontext=$curcontext state line ret=1\n    typeset -A opt_args\n");
            text.Append("    local -a verbs\n    verbs=(\n");
            foreach (Verb verb in verbs)
            {
                text.Append($"        {Quote($"{verb.Name}:{verb.Summary}")}\n");
            }

            text.Append("    )\n    _arguments -C \\\n");
            foreach (VerbOption option in VerbTable.Everywhere)
            {
                AppendOption(text, option, "        ");
            }

            text.Append("        '1: :->verb' '*:: :->rest' && ret=0\n    case $state in\n");
            text.Append("        verb) _describe -t verbs verb verbs && ret=0 ;;\n");
            text.Append("        rest)\n            case $words[1] in\n");
            foreach (Verb verb in verbs)
            {
                Append(text, verb);
            }

            text.Append("            esac\n            ;;\n    esac\n    return ret\n}\n\n");
            text.Append("if [[ $funcstack[1] = _dpctl ]]; then _dpctl \"$@\"; else compdef _dpctl dpctl; fi\n");
            return text.ToString();
        }
    }

    private static void Append(StringBuilder text, Verb verb)
    {
        text.Append($"                {verb.Name}{(verb.Alias is null ? "" : $"|{verb.Alias}")})\n");
        text.Append("                    _arguments \\\n");
        foreach (VerbOption option in verb.Options.Concat(VerbTable.Everywhere))
        {
            AppendOption(text, option, "                        ");
        }

        string action = CompletionVerb.NamesOf(verb) is { } which
            ? $"{{{$"_dpctl_names {which}".TrimEnd()}}}"
            : verb.Words == VerbWords.ImportKindsThenFiles ? "_files"
            : CompletionVerb.WordsOf(verb) is { Length: > 0 } words ? $"({string.Join(' ', words)})"
            : verb.Words == VerbWords.Files || verb.HasProgram ? "_files"
            : " ";
        if (verb.Words == VerbWords.ImportKindsThenFiles)
        {
            text.Append($"                        '1: :({string.Join(' ', CompletionVerb.WordsOf(verb))})' \\\n");
        }

        text.Append($"                        '*: :{action}' && ret=0\n                    ;;\n");
    }

    private static void AppendOption(StringBuilder text, VerbOption option, string indent)
    {
        string value = option.Value is null ? ""
            : $":{option.Value}:" + (option.Words.Length > 0 ? $"({string.Join(' ', option.Words)})"
                : option.IsFile ? "_files" : " ");
        IEnumerable<string> names = option.Short is null ? [option.Name] : [option.Short, option.Name];
        foreach (string name in names)
        {
            string description = option.Text.Replace("[", "\\[", StringComparison.Ordinal)
                .Replace("]", "\\]", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
            text.Append(indent).Append(Quote($"{name}[{description}]{value}")).Append(" \\\n");
        }
    }

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
