using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Problems;

/// <summary>Rules for names that refer to nothing, or to the wrong kind.</summary>
internal static partial class Rules
{
    public static readonly DiagnosticDescriptor UnknownType = Error(
        "DP0201", "Unknown type",
        "there is no type \"{0}\"{1}");

    public static readonly DiagnosticDescriptor UnknownOption = Error(
        "DP0202", "Unknown type option",
        "\"{0}\" means nothing in the brackets of {1}{2}");

    public static readonly DiagnosticDescriptor UnknownSet = Error(
        "DP0203", "Unknown set",
        "there is no set \"{0}\"{1}");

    public static readonly DiagnosticDescriptor SetNeeded = Error(
        "DP0204", "Set not named",
        "a set is named in its brackets: set[NAME]");

    public static readonly DiagnosticDescriptor UnknownSetWord = Error(
        "DP0205", "Unknown word",
        "\"{0}\" is not a word of the set {1} that can be {2}{3}");

    public static readonly DiagnosticDescriptor UnknownError = Error(
        "DP0206", "Unknown error",
        "there is no error \"{0}\"{1}");

    public static readonly DiagnosticDescriptor ErrorNeeded = Error(
        "DP0207", "Error not declared",
        "this needs an error \"{0}\", which is not declared");

    public static readonly DiagnosticDescriptor ErrorDoesNotFit = Error(
        "DP0208", "Error does not fit",
        "the placeholders of the error \"{0}\" cannot be filled here");

    public static readonly DiagnosticDescriptor UnknownEvent = Error(
        "DP0209", "Unknown event",
        "there is no event, case or warning \"{0}\"{1}");

    public static readonly DiagnosticDescriptor EventNeeded = Error(
        "DP0210", "Event not declared",
        "this needs an event \"{0}\", which is not declared");

    public static readonly DiagnosticDescriptor UnknownLimit = Error(
        "DP0211", "Unknown limit",
        "there is no limit \"{0}\"{1}");

    public static readonly DiagnosticDescriptor TypeNeedsText = Error(
        "DP0212", "Type without a text",
        "the type {0} has no text for `{1}`");

    public static readonly DiagnosticDescriptor UnknownLevel = Error(
        "DP0214", "Unknown level",
        "\"{0}\" is no word of the enum log-level, which lists the severities of log messages{1}");

    public static readonly DiagnosticDescriptor UnknownCondition = Error(
        "DP0215", "Unknown condition",
        "no required field of this command before this one is called \"{0}\" and can be \"{1}\"");

    public static readonly DiagnosticDescriptor UnknownRight = Error(
        "DP0216", "Unknown right",
        "\"{0}\" is no word of the enum right, which says what the sender of a command may do{1}");

    public static readonly DiagnosticDescriptor UseNeedsText = Error(
        "DP0213", "Type without a text for this use",
        "`{0}` needs a type with a text for `{2}`, which {1} has not");
}
