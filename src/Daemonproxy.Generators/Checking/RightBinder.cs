using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>
/// Checks which right the sender of a command needs: a word of the enum <c>right</c>, the least right first. A command
/// that names none needs the last one.
/// </summary>
internal sealed class RightBinder(Scope scope, ErrorLookup errors)
{
    /// <summary>The enum with the rights.</summary>
    public const string EnumName = "right";

    /// <summary>The error of a sender who has not the right.</summary>
    public const string NotAllowed = "not-allowed";

    /// <summary>
    /// The right that a command needs, or null where the spec has none. <paramref name="isRestricted"/>: whether a
    /// sender without the highest right may send it, so that its names are to be checked.
    /// </summary>
    public string? Bind(CommandSyntax command, out bool isRestricted)
    {
        isRestricted = false;
        EnumSyntax? declared = scope.Types.TryGetValue(EnumName, out DeclarationSyntax? found)
            ? found as EnumSyntax : null;
        List<string> words = declared?.Words.ConvertAll(word => word.Name.Text) ?? [];
        string? last = words.Count == 0 ? null : words[words.Count - 1];
        if (command.Needs is not { Text.Length: > 0 } needs)
        {
            return last;
        }

        if (!words.Contains(needs.Text))
        {
            bool isTold = declared == null ? scope.TellsUnknown("type", EnumName) : !declared.IsBroken;
            if (isTold)
            {
                scope.Problems.Report(
                    Rules.UnknownRight, needs.Span, needs.Text, Suggestion.For(needs.Text, words));
            }

            return last;
        }

        errors.WellKnown(NotAllowed, needs.Span);
        isRestricted = needs.Text != last;
        return needs.Text;
    }
}
