using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Tests;

/// <summary>
/// Makes a class that implements the generated interfaces of all sections, one line for each command, and a property
/// with it as the handler of everything.
/// </summary>
internal static partial class Handlers
{
    /// <summary>The part of the class that <see cref="Probe.Source"/> begins.</summary>
    public static string For(Driver driver)
    {
        string generated = string.Join('\n', driver.Result.GeneratedSources.Select(source => source.SourceText));
        string[] sections = [.. Sections().Matches(generated).Select(match => match.Groups[1].Value).Distinct()];
        var text = new StringBuilder(
            $$"""
            using Daemonproxy.Protocol;
            namespace Daemonproxy.Commands;
            internal sealed partial class Handler : ICommandLookup, {{string.Join(", ", sections)}}
            {
                public CommandHandlers All => new(this{{string.Concat(sections.Select(_ => ", this"))}});

            """);
        foreach (Match method in Methods().Matches(generated))
        {
            text.Append($"    CommandError {method.Groups[1].Value}.{method.Groups[2].Value} => CommandError.None;\n");
        }

        return text.Append("}\n").ToString();
    }

    [GeneratedRegex(@"^internal partial interface (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Sections();

    [GeneratedRegex(
        @"^internal partial interface (\w+)\n\{\n(?: .*\n)*?    global::Daemonproxy\.Protocol\.CommandError "
        + @"(\w+\(scoped in .*\));$",
        RegexOptions.Multiline)]
    private static partial Regex Methods();
}
