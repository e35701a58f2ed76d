using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Problems;

/// <summary>Rules for missing documentation.</summary>
internal static partial class Rules
{
    public static readonly DiagnosticDescriptor NotDocumented = Error(
        "DP0401", "Not documented",
        "{0} {1} is not documented: a `#` comment stands directly above it");

    public static readonly DiagnosticDescriptor MisplacedComment = Error(
        "DP0402", "Misplaced comment",
        "this comment is not indented as what follows it, and documents nothing");
}
