using System;
using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>completions/daemonproxy.bash; it needs nothing but bash 4.</summary>
internal static class BashCompletionWriter
{
    public static string Write(SpecModel spec)
    {
        var all = new List<string>();
        foreach (OptionModel option in spec.Options)
        {
            all.AddRange(CompletionText.Words(option));
        }

        string name = spec.Manual.Protocol;
        var lines = new List<string>
        {
            "_" + name + "() {",
            "    local options='" + Wrap(all) + "'",
            "    local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}",
            "    # `--config=FILE` is three words to bash.",
            "    if [[ $option == = ]]; then",
            "        option=${COMP_WORDS[COMP_CWORD - 2]}",
            "    elif [[ $current == = ]]; then",
            "        current=",
            "    fi",
            "    COMPREPLY=()",
            "    case $option in",
        };
        WriteCase(lines, spec, CompletionText.TakesPath,
        [
            "        compopt -o filenames 2>/dev/null",
            "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")",
        ]);
        foreach (OptionModel option in spec.Options)
        {
            WriteWords(lines, spec, option);
        }

        WriteCase(
            lines, spec,
            option => !CompletionText.TakesPath(option) && CompletionText.ValueWords(option, spec).Count == 0, []);
        lines.Add("    *)");
        lines.Add("        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\")");
        lines.Add("        ;;");
        lines.Add("    esac");
        lines.Add("}");
        lines.Add("complete -F _" + name + " " + name);
        return CompletionText.Head(spec, "bash") + string.Join("\n", lines) + "\n";
    }

    private static string Wrap(List<string> words)
    {
        const int most = 72;
        string text = "";
        int column = 0;
        foreach (string word in words)
        {
            bool isFull = column + word.Length > most;
            text += text.Length == 0 ? word : isFull ? "\n        " + word : " " + word;
            column = isFull ? word.Length : column + word.Length + 1;
        }

        return text;
    }

    // Of a set, the word behind the last comma is completed, and another one may follow.
    private static void WriteWords(List<string> lines, SpecModel spec, OptionModel option)
    {
        string words = string.Join(" ", CompletionText.ValueWords(option, spec));
        if (words.Length == 0)
        {
            return;
        }

        string[] statements = CompletionText.IsSet(option)
            ?
            [
                "        compopt -o nospace 2>/dev/null",
                "        mapfile -t COMPREPLY < <(compgen -P \"${current%\"${current##*,}\"}\" -W '" + words + "' \\",
                "            -- \"${current##*,}\")",
            ]
            : ["        mapfile -t COMPREPLY < <(compgen -W '" + words + "' -- \"$current\")"];
        WriteCase(lines, spec, other => other == option, statements);
    }

    // The options whose values are completed in one way.
    private static void WriteCase(
        List<string> lines, SpecModel spec, Predicate<OptionModel> isOne, string[] statements)
    {
        var words = new List<string>();
        foreach (OptionModel option in spec.Options)
        {
            if (option.Field != null && isOne(option))
            {
                words.AddRange(CompletionText.Words(option));
            }
        }

        if (words.Count > 0)
        {
            lines.Add("    " + string.Join(" | ", words) + ")");
            lines.AddRange(statements);
            lines.Add("        ;;");
        }
    }
}
