using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>The parts that the completions of all shells share.</summary>
internal static class CompletionText
{
    /// <summary>The description of each.</summary>
    public static string Head(SpecModel spec, string shell) =>
        "# Completion of the options of " + spec.Manual.Protocol + " in " + shell + ".\n"
        + "# Made from commands.spec by `make docs`; a change goes there.\n";

    /// <summary>True if the value is a path, which is what its metavariable says.</summary>
    public static bool TakesPath(OptionModel option) => option.Shown is "FILE" or "PATH";

    /// <summary>
    /// The words that the value can be: quoted words, and those of an enum or a set. A word with a character that means
    /// something to a shell is left out.
    /// </summary>
    public static List<string> ValueWords(OptionModel option, SpecModel spec)
    {
        var words = new List<string>();
        if (option.Field is not { } field)
        {
            return words;
        }

        words.AddRange(field.Literals);
        foreach (EnumModel @enum in spec.Enums)
        {
            if (field.Type is { Kind: ValueKind.Enum } type && type.Value.Declaration == @enum.Name)
            {
                words.AddRange(@enum.Words);
            }
        }

        foreach (SetModel set in spec.Sets)
        {
            if (IsSet(option) && field.Type!.Value.Declaration == set.Name)
            {
                foreach (SetWordModel word in set.Words)
                {
                    words.Add(word.Name);
                }
            }
        }

        return words.FindAll(IsPlain);
    }

    /// <summary>True if the value is any number of words, joined by commas.</summary>
    public static bool IsSet(OptionModel option) =>
        option.Field?.Type is { Kind: ValueKind.Set or ValueKind.ValuedSet };

    /// <summary>The effect of the option, in one line without a full stop.</summary>
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

    private static bool IsPlain(string word)
    {
        foreach (char c in word)
        {
            bool isPlain = c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9')
                or '.' or '_' or '-' or '+';
            if (!isPlain)
            {
                return false;
            }
        }

        return word.Length > 0;
    }
}
