using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Problems;

/// <summary>What stands twice, or in the wrong place.</summary>
internal static partial class Rules
{
    public static readonly DiagnosticDescriptor DuplicateDeclaration = new(
        "DP0301", "Declared twice",
        "there is another {0} \"{1}\"",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor DuplicateMember = new(
        "DP0302", "Named twice",
        "\"{0}\" stands here twice",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor SameIdentifier = new(
        "DP0303", "Same name in C#",
        "\"{0}\" and \"{1}\" are both {2} in C#, where case does not count",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor ReservedWord = new(
        "DP0304", "Reserved name",
        "\"{0}\" is taken: no {1} can be called so",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor ProtocolFirst = new(
        "DP0305", "Protocol not first",
        "a spec begins with `protocol NAME VERSION`",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor HiddenCase = new(
        "DP0306", "Case never read",
        "no line of the case \"{0}\" can be told from one of \"{1}\" above it",
        Category, DiagnosticSeverity.Error, true);
}
