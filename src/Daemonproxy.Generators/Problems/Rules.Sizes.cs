using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Problems;

/// <summary>Rules for sizes.</summary>
internal static partial class Rules
{
    public static readonly DiagnosticDescriptor LimitNeeded = Error(
        "DP0501", "Limit not declared",
        "this needs `limit {0}`, which is not declared");

    public static readonly DiagnosticDescriptor EventTooLong = Error(
        "DP0502", "Event too long",
        "the event {0} can have {1} bytes, and `limit outbox` is {2}");

    public static readonly DiagnosticDescriptor AnswerTooLong = Error(
        "DP0503", "Answer too long",
        "{0} can answer with {1} bytes; half of `limit outbox` is {2}");

    public static readonly DiagnosticDescriptor TooMany = Error(
        "DP0504", "Too many",
        "{0} can have at most {1} {2}");
}
