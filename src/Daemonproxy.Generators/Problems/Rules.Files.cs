using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Problems;

/// <summary>
/// Every rule of the spec, one id each. First, what is wrong with the file itself, or with the characters in it.
/// </summary>
internal static partial class Rules
{
    private const string Category = "CommandsSpec";

    public static readonly DiagnosticDescriptor NoSpec = new(
        "DP0001", "No spec",
        "there is no commands.spec among the additional files",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor TwoSpecs = new(
        "DP0002", "More than one spec",
        "there must be one {0}, and there is also {1}",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor UnreadableSpec = new(
        "DP0003", "Unreadable spec",
        "{0} cannot be read",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor Tab = new(
        "DP0004", "TAB",
        "a TAB: the spec is written with blanks",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor TrailingBlanks = new(
        "DP0005", "Blanks at the end of a line",
        "blanks at the end of the line",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor ControlCharacter = new(
        "DP0006", "Control character",
        "the control character U+{0}: lines end in LF alone, and texts are printable",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor UnterminatedText = new(
        "DP0007", "Text without end",
        "the quoted text does not end in this line",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor UnknownEscape = new(
        "DP0008", "Unknown escape",
        "\"{0}\" means nothing in a quoted text; there are \\\" and \\\\",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor UnexpectedCharacter = new(
        "DP0009", "Unexpected character",
        "the character \"{0}\" means nothing here",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor Indentation = new(
        "DP0010", "Wrong indentation",
        "a member is indented by two blanks",
        Category, DiagnosticSeverity.Error, true);
}
