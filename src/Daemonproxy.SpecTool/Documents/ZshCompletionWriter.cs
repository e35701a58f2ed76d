using System.Collections.Generic;
using System.Text;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>completions/_daemonproxy, for a directory of zsh's <c>fpath</c>.</summary>
internal static class ZshCompletionWriter
{
    public static string Write(SpecModel spec)
    {
        string name = spec.Manual.Protocol;
        var lines = new List<string> { "_arguments -s -S" };
        foreach (OptionModel option in spec.Options)
        {
            lines.Add(Describe(option, spec));
        }

        return "#compdef " + name + "\n" + CompletionText.Head(spec, "zsh") + string.Join(" \\\n    ", lines) + "\n";
    }

    // '(-c --config)'{-c+,--config=}'[what it does]:FILE:_files'
    private static string Describe(OptionModel option, SpecModel spec)
    {
        List<string> words = CompletionText.Words(option);
        bool takesValue = option.Field != null;
        string guard = option.Repeats ? "*" : words.Count > 1 ? "(" + string.Join(" ", words) + ")" : "";
        var forms = new List<string>();
        foreach (string word in words)
        {
            forms.Add(word + (!takesValue ? "" : word.Length == 2 ? "+" : "="));
        }

        string value = takesValue
            ? ":" + Escape(option.Shown) + ":" + Action(option, spec)
            : "";
        string behind = "[" + Escape(CompletionText.Description(option, spec.Docs)) + "]" + value;
        return forms.Count > 1
            ? "'" + guard + "'{" + string.Join(",", forms) + "}'" + behind + "'"
            : "'" + guard + forms[0] + behind + "'";
    }

    // How the value is completed: the blank says that it is not.
    private static string Action(OptionModel option, SpecModel spec)
    {
        string words = string.Join(" ", CompletionText.ValueWords(option, spec));
        return CompletionText.TakesPath(option) ? "_files"
            : words.Length == 0 ? " "
            : CompletionText.IsSet(option) ? "_values -s , " + Escape(option.Shown) + " " + words
            : "(" + words + ")";
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (char c in text)
        {
            escaped.Append(c switch
            {
                '\'' => "'\\''",
                '[' or ']' or ':' or '\\' => "\\" + c,
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }
}
