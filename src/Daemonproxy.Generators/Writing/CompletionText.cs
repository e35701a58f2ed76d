using System.Collections.Generic;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing;

/// <summary>What the completions of all shells have in common.</summary>
internal static class CompletionText
{
    /// <summary>What each says of itself.</summary>
    public static string Head(SpecModel spec, string shell) =>
        "# Completion of the options of " + spec.Manual.Protocol + " in " + shell + ".\n"
        + "# Made from commands.spec by `make docs`; a change goes there.\n";

    /// <summary>Whether the value is a path, which is what its metavariable says.</summary>
    public static bool TakesPath(OptionModel option) => option.Shown is "FILE" or "PATH";

    /// <summary>What the option does, in one line without a full stop.</summary>
    public static string Description(OptionModel option, Documentation docs) =>
        docs["option " + option.Name].Replace('\n', ' ').Replace("`", "").TrimEnd('.');

    /// <summary><c>-c</c> and <c>--config</c>.</summary>
    public static List<string> Words(OptionModel option)
    {
        var words = new List<string>();
        if (option.Short is { } letter)
        {
            words.Add("-" + letter);
        }

        words.Add("--" + option.Name);
        return words;
    }
}
