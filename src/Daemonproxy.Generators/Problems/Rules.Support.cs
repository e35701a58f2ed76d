using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Problems;

/// <summary>Rules for parts of the language that no writer supports.</summary>
internal static partial class Rules
{
    public static readonly DiagnosticDescriptor NotSupported = Error(
        "DP0601", "Not supported yet",
        "not supported yet: {0}");
}
