using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Problems;

/// <summary>Rules for declarations that are not used.</summary>
internal static partial class Rules
{
    public static readonly DiagnosticDescriptor NotUsed = Warning(
        "DP0801", "Not used",
        "nothing in the spec uses the {0} \"{1}\"");
}
