using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Problems;

/// <summary>
/// Every rule of the spec, one id each. First, what is wrong with the file itself, or with the characters in it.
/// </summary>
internal static partial class Rules
{
    private const string Category = "CommandsSpec";

    // From the root of the repository; the page is where the spec is.
    private const string Help = "docs/PROBLEMS.md#";

    public static readonly DiagnosticDescriptor NoSpec = Error(
        "DP0001", "No spec",
        "there is no commands.spec among the additional files");

    public static readonly DiagnosticDescriptor TwoSpecs = Error(
        "DP0002", "More than one spec",
        "there must be one {0}, and there is also {1}");

    public static readonly DiagnosticDescriptor UnreadableSpec = Error(
        "DP0003", "Unreadable spec",
        "{0} cannot be read");

    public static readonly DiagnosticDescriptor Tab = Error(
        "DP0004", "TAB",
        "a TAB: the spec is written with blanks");

    public static readonly DiagnosticDescriptor TrailingBlanks = Error(
        "DP0005", "Blanks at the end of a line",
        "blanks at the end of the line");

    public static readonly DiagnosticDescriptor ControlCharacter = Error(
        "DP0006", "Control character",
        "the control character U+{0}: lines end in LF alone, and texts are printable");

    public static readonly DiagnosticDescriptor UnterminatedText = Error(
        "DP0007", "Text without end",
        "the quoted text does not end in this line");

    public static readonly DiagnosticDescriptor UnknownEscape = Error(
        "DP0008", "Unknown escape",
        "\"{0}\" is no escape in a quoted text; there are \\\" and \\\\");

    public static readonly DiagnosticDescriptor UnexpectedCharacter = Error(
        "DP0009", "Unexpected character",
        "the character \"{0}\" means nothing here");

    public static readonly DiagnosticDescriptor Indentation = Error(
        "DP0010", "Wrong indentation",
        "a member is indented by two blanks");

    public static readonly DiagnosticDescriptor WindowsLines = Error(
        "DP0011", "Lines end in CRLF",
        "the lines of this file end in CR and LF: save it with LF alone");

    public static readonly DiagnosticDescriptor InvisibleCharacter = Error(
        "DP0012", "Invisible character",
        "the character U+{0} is invisible, turns the text around it, or stands for one that was lost: "
        + "it is not allowed");

    public static readonly DiagnosticDescriptor ProjectName = Error(
        "DP0013", "Unusable name in the project file",
        "{0} is {1} in the project file: {2}");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + id.ToLowerInvariant());

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Warning, true, helpLinkUri: Help + id.ToLowerInvariant());
}
