using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Problems;

/// <summary>Rules for duplicates and wrong places.</summary>
internal static partial class Rules
{
    public static readonly DiagnosticDescriptor DuplicateDeclaration = Error(
        "DP0301", "Declared twice",
        "there is another {0} \"{1}\"");

    public static readonly DiagnosticDescriptor DuplicateMember = Error(
        "DP0302", "Named twice",
        "\"{0}\" is listed twice");

    public static readonly DiagnosticDescriptor SameIdentifier = Error(
        "DP0303", "Same name in C#",
        "\"{0}\" and \"{1}\" are both {2} in C#, where case does not count");

    public static readonly DiagnosticDescriptor ReservedWord = Error(
        "DP0304", "Reserved name",
        "\"{0}\" is reserved: no {1} can have this name");

    public static readonly DiagnosticDescriptor ProtocolFirst = Error(
        "DP0305", "Protocol not first",
        "a spec begins with `protocol NAME VERSION`");

    public static readonly DiagnosticDescriptor HiddenCase = Error(
        "DP0306", "Case never read",
        "the case \"{0}\" is never used: each of its lines also matches \"{1}\" above it");

    public static readonly DiagnosticDescriptor NumberTaken = Error(
        "DP0307", "Number taken",
        "{0} is the number of the error \"{1}\" already: the next free one is {2}");
}
