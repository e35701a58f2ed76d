using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Problems;

/// <summary>What does not fit.</summary>
internal static partial class Rules
{
    public static readonly DiagnosticDescriptor LimitNeeded = new(
        "DP0501", "Limit not declared",
        "this needs `limit {0}`, which is not declared",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor EventTooLong = new(
        "DP0502", "Event too long",
        "the event {0} can have {1} bytes, and `limit outbox` is {2}",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor AnswerTooLong = new(
        "DP0503", "Answer too long",
        "{0} can answer with {1} bytes; half of `limit outbox` is {2}",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor TooMany = new(
        "DP0504", "Too many",
        "{0} can have at most {1} {2}",
        Category, DiagnosticSeverity.Error, true);
}
