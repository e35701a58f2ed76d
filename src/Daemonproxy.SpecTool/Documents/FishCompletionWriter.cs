using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>completions/daemonproxy.fish.</summary>
internal static class FishCompletionWriter
{
    public static string Write(SpecModel spec)
    {
        string command = "complete -c " + spec.Manual.Protocol;
        var lines = new List<string> { command + " -f" };
        foreach (OptionModel option in spec.Options)
        {
            string letter = option.Short is { } found ? " -s " + found : "";
            string value = option.Field == null ? ""
                : CompletionText.TakesPath(option) ? " -r -F"
                : " -x" + Words(option, spec);
            string description = CompletionText.Description(option, spec.Docs);
            string quoted = description.Replace("\\", "\\\\").Replace("'", "\\'");
            lines.Add(command + letter + " -l " + option.Name + value + " -d '" + quoted + "'");
        }

        return CompletionText.Head(spec, "fish") + string.Join("\n", lines) + "\n";
    }

    private static string Words(OptionModel option, SpecModel spec)
    {
        string words = string.Join(" ", CompletionText.ValueWords(option, spec));
        return words.Length == 0 ? ""
            : CompletionText.IsSet(option) ? " -a '(__fish_append , " + words + ")'"
            : " -a '" + words + "'";
    }
}
