using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Daemonproxy.Import.Reading;

namespace Daemonproxy.Import.Units;

/// <summary>
/// Replaces variables in commands: <c>${NAME}</c> anywhere, <c>$NAME</c> as a word of its own, which becomes as many
/// words as its value has. Variables that a file may change are expanded by a shell at each start.
/// </summary>
/// <param name="own">The variables of Environment=.</param>
/// <param name="files">The current variables of the files.</param>
/// <param name="hasFiles">True if there are files.</param>
internal sealed class CommandVariables(
    IReadOnlyDictionary<string, string> own, IReadOnlyDictionary<string, string> files, bool hasFiles)
{
    private sealed record Part(string Text, bool IsVariable, bool IsSplit);

    /// <summary>The command for the manager's file.</summary>
    /// <param name="command">The command.</param>
    /// <param name="frozen">
    /// The variables whose current value was inserted, since a shell would split it differently.
    /// </param>
    public List<string> Apply(UnitCommand command, out List<string> frozen)
    {
        frozen = [];
        if (command.IsLiteral)
        {
            return command.Words;
        }

        List<List<Part>> words = [.. command.Words.Select(PartsOf)];
        List<Part> variables = [.. words.SelectMany(static word => word).Where(static part => part.IsVariable)];
        bool areKnown = !hasFiles && variables.TrueForAll(part => own.ContainsKey(part.Text));
        frozen.AddRange(variables.Where(part => part.IsSplit && !areKnown && HasQuotes(part.Text))
            .Select(static part => part.Text));
        return areKnown || frozen.Count > 0 ? [.. words.SelectMany(Replace)] : [.. ForShell(words)];
    }

    private static List<Part> PartsOf(string word)
    {
        if (word.Length > 1 && word[0] == '$' && NameLength(word, 1) == word.Length - 1)
        {
            return [new Part(word[1..], IsVariable: true, IsSplit: true)];
        }

        List<Part> parts = [];
        var text = new StringBuilder();
        for (int index = 0; index < word.Length; index++)
        {
            ReadOnlySpan<char> rest = word.AsSpan(index);
            int length = rest is ['$', '{', ..] ? NameLength(word, index + 2) : 0;
            if (length > 0 && rest.Length > length + 2 && rest[length + 2] == '}')
            {
                parts.Add(new Part(text.ToString(), IsVariable: false, IsSplit: false));
                parts.Add(new Part(word.Substring(index + 2, length), IsVariable: true, IsSplit: false));
                text.Clear();
                index += length + 2;
            }
            else
            {
                text.Append(word[index]);
                index += rest is ['$', '$', ..] ? 1 : 0;
            }
        }

        parts.Add(new Part(text.ToString(), IsVariable: false, IsSplit: false));
        return parts;
    }

    private static int NameLength(string word, int start)
    {
        int length = 0;
        while (start + length < word.Length
            && (char.IsAsciiLetter(word[start + length]) || word[start + length] == '_'
                || (length > 0 && char.IsAsciiDigit(word[start + length]))))
        {
            length++;
        }

        return length;
    }

    private string ValueOf(string name) => files.GetValueOrDefault(name) ?? own.GetValueOrDefault(name) ?? "";

    private bool HasQuotes(string name) => ValueOf(name).AsSpan().ContainsAny("\"'\\");

    private List<string> Replace(List<Part> word)
    {
        if (word is [{ IsSplit: true } alone])
        {
            try
            {
                return UnitWords.Split(ValueOf(alone.Text));
            }
            catch (FormatException)
            {
                return [ValueOf(alone.Text)];
            }
        }

        return [string.Concat(word.Select(part => part.IsVariable ? ValueOf(part.Text) : part.Text))];
    }

    private static List<string> ForShell(List<List<Part>> words)
    {
        if (words.TrueForAll(static word => word.TrueForAll(static part => !part.IsVariable)))
        {
            return [.. words.Select(static word => string.Concat(word.Select(static part => part.Text)))];
        }

        // Without set -f the shell would replace patterns in the values.
        bool isSplit = words.Exists(static word => word is [{ IsSplit: true }]);
        var line = new StringBuilder(isSplit ? "set -f; exec" : "exec");
        foreach (List<Part> word in words)
        {
            line.Append(' ');
            if (word is [{ IsSplit: true } alone])
            {
                line.Append('$').Append(alone.Text);
                continue;
            }

            string quoted = string.Concat(word.Select(static part => part.IsVariable ? $"\"${{{part.Text}}}\""
                : part.Text.Length > 0 ? ShellWords.Quote(part.Text) : ""));
            line.Append(quoted.Length > 0 ? quoted : "''");
        }

        return ["/bin/sh", "-c", line.ToString()];
    }
}
