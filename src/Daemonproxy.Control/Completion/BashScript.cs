using System;
using System.Linq;
using System.Text;
using Daemonproxy.Control.Verbs;

namespace Daemonproxy.Control.Completion;

/// <summary>The completion of bash.</summary>
internal static class BashScript
{
    public static string Text
    {
        get
        {
            Verb[] verbs = [.. VerbTable.All.Where(verb => !verb.IsHidden)];
            string names = string.Join(' ', verbs.Select(verb => verb.Name));
            var text = new StringBuilder();
            text.Append("# Completion of dpctl for bash, made by: dpctl completion bash\n\n_dpctl() {\n");
            text.Append("    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n");
            text.Append("    local verb= word skip= i\n    local -a socket=()\n    COMPREPLY=()\n");
            text.Append("    for ((i = 1; i < COMP_CWORD; i++)); do\n        word=${COMP_WORDS[i]}\n");
            text.Append("        if [[ -n $skip ]]; then\n");
            text.Append("            [[ $skip = -S || $skip = --socket ]] && socket=(-S \"$word\")\n");
            text.Append("            skip=\n");
            text.Append("        elif [[ -z $verb ]]; then\n            case $word in\n");
            text.Append("                -S | --socket | --color) skip=$word ;;\n                -*) ;;\n");
            text.Append("                *) verb=$word ;;\n            esac\n        fi\n    done\n");
            text.Append("    case $prev in\n");
            text.Append("        -S | --socket) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
            text.Append("        --color) COMPREPLY=($(compgen -W 'auto always never' -- \"$cur\")); return ;;\n");
            text.Append("    esac\n");
            text.Append("    if [[ -z $verb ]]; then\n");
            text.Append($"        COMPREPLY=($(compgen -W '{names} {OptionsOf([])}' -- \"$cur\"))\n");
            text.Append("        return\n    fi\n    case $verb in\n");
            foreach (Verb verb in verbs)
            {
                Append(text, verb);
            }

            text.Append("    esac\n}\n\n_dpctl_names() {\n");
            text.Append("    COMPREPLY=($(compgen -W \"$(dpctl \"${socket[@]}\" __names $1 2>/dev/null | cut -f 1)\" ");
            text.Append("-- \"$cur\"))\n}\n\ncomplete -F _dpctl dpctl\n");
            return text.ToString();
        }
    }

    private static void Append(StringBuilder text, Verb verb)
    {
        text.Append($"        {verb.Name}{(verb.Alias is null ? "" : $" | {verb.Alias}")})\n");
        foreach (VerbOption option in verb.Options.Where(option => option.Value is not null))
        {
            string names = option.Short is null ? option.Name : $"{option.Short} | {option.Name}";
            string reply = option.Words.Length > 0 ? $"compgen -W '{string.Join(' ', option.Words)}'"
                : option.IsFile ? "compgen -f"
                : "";
            string action = reply.Length > 0 ? $"COMPREPLY=($({reply} -- \"$cur\")); " : "";
            text.Append($"            case $prev in {names}) {action}return ;; esac\n");
        }

        text.Append("            if [[ $cur = -* ]]; then\n");
        text.Append($"                COMPREPLY=($(compgen -W '{OptionsOf(verb.Options)}' -- \"$cur\"))\n");
        if (CompletionVerb.NamesOf(verb) is { } which)
        {
            text.Append($"            else\n                _dpctl_names {which}".TrimEnd()).Append('\n');
        }
        else if (verb.Words == VerbWords.ImportKindsThenFiles)
        {
            string[] kinds = CompletionVerb.WordsOf(verb);
            text.Append("            elif [[ \" ${COMP_WORDS[*]:1:COMP_CWORD-1} \" =~ ");
            text.Append($"' '({string.Join('|', kinds)})' ' ]]; then\n");
            text.Append("                COMPREPLY=($(compgen -f -- \"$cur\"))\n            else\n");
            text.Append($"                COMPREPLY=($(compgen -W '{string.Join(' ', kinds)}' -- \"$cur\"))\n");
        }
        else if (CompletionVerb.WordsOf(verb) is { Length: > 0 } words)
        {
            string list = string.Join(' ', words);
            text.Append($"            else\n                COMPREPLY=($(compgen -W '{list}' -- \"$cur\"))\n");
        }
        else if (verb.Words == VerbWords.Files || verb.HasProgram)
        {
            text.Append("            else\n                COMPREPLY=($(compgen -f -- \"$cur\"))\n");
        }

        text.Append("            fi\n            ;;\n");
    }

    private static string OptionsOf(VerbOption[] options) => string.Join(' ', options.Concat(VerbTable.Everywhere)
        .SelectMany(option => option.Short is null ? new[] { option.Name } : [option.Name, option.Short]));
}
