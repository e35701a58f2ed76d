using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Problems;

/// <summary>Rules for declarations that cannot be read, or do not fit their place.</summary>
internal static partial class Rules
{
    public static readonly DiagnosticDescriptor UnknownKeyword = Error(
        "DP0101", "Unknown keyword",
        "\"{0}\" is not a keyword{1}");

    public static readonly DiagnosticDescriptor Expected = Error(
        "DP0102", "Something else expected",
        "expected {0}, not {1}{2}");

    public static readonly DiagnosticDescriptor MemberOfNothing = Error(
        "DP0103", "Member without a declaration",
        "this line is indented, but there is no declaration above it: a blank line ends one");

    public static readonly DiagnosticDescriptor UnknownMember = Error(
        "DP0104", "Unknown member",
        "\"{0}\" is no member of {1}{2}");

    public static readonly DiagnosticDescriptor NoMembers = Error(
        "DP0105", "Member not possible",
        "{0} has no members");

    public static readonly DiagnosticDescriptor MalformedName = Error(
        "DP0106", "Malformed name",
        "\"{0}\" is not a name: lower-case letters and digits, beginning with a letter, joined by `-`{1}");

    public static readonly DiagnosticDescriptor NotANumber = Error(
        "DP0107", "Not a number",
        "\"{0}\" is not a number up to {1}");

    public static readonly DiagnosticDescriptor NotPositive = Error(
        "DP0108", "Not above 0",
        "the number must be above 0");

    public static readonly DiagnosticDescriptor Empty = Error(
        "DP0109", "Empty declaration",
        "{0} without {1}");

    public static readonly DiagnosticDescriptor RestMustBeLast = Error(
        "DP0110", "Rest not last",
        "a {0} field must be the last");

    public static readonly DiagnosticDescriptor RestAlone = Error(
        "DP0111", "Rest among alternatives",
        "`rest` takes the line as it is: it has no alternatives");

    public static readonly DiagnosticDescriptor RequiredAfterOptional = Error(
        "DP0112", "Required after optional",
        "\"{0}\" is required, but \"{1}\" before it is optional");

    public static readonly DiagnosticDescriptor MarkNotHere = Error(
        "DP0113", "Mark not possible",
        "`{0}` is not allowed for {1}");

    public static readonly DiagnosticDescriptor ClauseNotHere = Error(
        "DP0114", "Clause not possible",
        "`{0}` has no effect here: {1}");

    public static readonly DiagnosticDescriptor ElseNeeded = Error(
        "DP0115", "No error",
        "a field of this type needs `else ERROR`: {0} has no error of its own");

    public static readonly DiagnosticDescriptor TypeNotHere = Error(
        "DP0116", "Type not possible",
        "the type `{0}` is not allowed for {1}");

    public static readonly DiagnosticDescriptor NotABase = Error(
        "DP0117", "Not a base",
        "a type is declared upon `name`, `integer` or `seconds`, not upon \"{0}\"{1}");

    public static readonly DiagnosticDescriptor NameNeedsLength = Error(
        "DP0118", "Name without length",
        "a type of names needs a range of lengths: name[1:MOST]");

    public static readonly DiagnosticDescriptor EmptyRange = Error(
        "DP0119", "Empty range",
        "the range {0} is empty");

    public static readonly DiagnosticDescriptor ExtraNeedsFixedFields = Error(
        "DP0120", "Number of fields not fixed",
        "`extra` counts the fields, but there may be any number of \"{0}\"");

    public static readonly DiagnosticDescriptor TooManyCells = Error(
        "DP0121", "More cells than headings",
        "there is no heading for the cell {0}");

    public static readonly DiagnosticDescriptor SequenceNeedsLiteral = Error(
        "DP0122", "Sequence without a hinge",
        "a sequence is of sets and at least one word that is never empty");

    public static readonly DiagnosticDescriptor RawHasNoFields = Error(
        "DP0123", "Fields of raw",
        "the event `raw` is a whole line and has no fields");

    public static readonly DiagnosticDescriptor MalformedPlaceholder = Error(
        "DP0124", "Malformed placeholder",
        "\"{0}\" is not a placeholder: they are written {{name:type}}");

    public static readonly DiagnosticDescriptor TooManyPlaceholders = Error(
        "DP0125", "Too many placeholders",
        "an error has at most one text or name, one number and one errno");

    public static readonly DiagnosticDescriptor MalformedShort = Error(
        "DP0126", "Malformed short option",
        "\"{0}\" is not a short option: it is one letter or digit{1}");

    public static readonly DiagnosticDescriptor OneValue = Error(
        "DP0127", "Two values",
        "the option \"{0}\" has a value already, and can have only one");

    public static readonly DiagnosticDescriptor UnknownVersion = Error(
        "DP0128", "Unknown version",
        "there is no version {0}: the protocol has version {1}");

    public static readonly DiagnosticDescriptor MalformedWordValue = Error(
        "DP0129", "Malformed value of a word",
        "the value of a word is `integer[LEAST:MOST]`, `octal[LEAST:MOST]` or `text[LEAST:MOST]`");

    public static readonly DiagnosticDescriptor DefaultNeeded = Error(
        "DP0130", "No good default",
        "the `default` of {0} is not within its range");

    public static readonly DiagnosticDescriptor ImpliedAndCleared = Error(
        "DP0131", "Implied and cleared",
        "\"{0}\" is implied and cleared by the same word");

    public static readonly DiagnosticDescriptor MalformedPool = Error(
        "DP0132", "Malformed pool",
        "the bounds of a pool are `pool[LEAST:MOST, LEAST:MOST]`, of the records and of the bytes of one");

    public static readonly DiagnosticDescriptor PrefixHidden = Error(
        "DP0133", "Text that tells nothing apart",
        "a value that begins with \"{0}\" begins with \"{1}\", which is tried before");

    public static readonly DiagnosticDescriptor NoBound = Error(
        "DP0134", "Bound not possible",
        "`{0}` is no bound here: {1}");
}
