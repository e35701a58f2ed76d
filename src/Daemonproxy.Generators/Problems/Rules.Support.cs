using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Problems;

/// <summary>What the language has and no writer knows.</summary>
internal static partial class Rules
{
    public static readonly DiagnosticDescriptor NotSupported = Error(
        "DP0601", "Not supported yet",
        "not supported yet: {0}");
}
