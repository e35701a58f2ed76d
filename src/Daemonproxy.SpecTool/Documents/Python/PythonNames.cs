using System.Collections.Generic;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.SpecTool.Documents.Python;

/// <summary>
/// The Python names of what the spec names. A name that is taken gets an underscore behind it, which no name of a spec
/// can have there.
/// </summary>
internal static class PythonNames
{
    // What the generated modules import, and the words that Python keeps for itself.
    private static readonly HashSet<string> _types =
    [
        "ClassVar", "Command", "CommandFailed", "Commands", "Column", "Dict", "Event", "Fixed", "Flag", "Flags",
        "False", "Generic", "Joined", "Line", "Literal", "Message", "Name", "None", "Number", "Octal", "OneOf",
        "Prefixed", "Rest", "SetOf", "True", "Tuple", "Type", "TypeVar", "UnknownEvent", "Words",
    ];

    private static readonly HashSet<string> _constants =
        ["COLUMNS", "DASH", "ERRORS", "EVENTS", "INTEGER", "NAME", "SIGNAL", "TEXT", "WORDS"];

    private static readonly HashSet<string> _locals =
    [
        "and", "as", "assert", "async", "await", "bool", "break", "class", "continue", "def", "del", "deprecated",
        "descriptor", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "int", "is",
        "lambda", "nonlocal", "not", "object", "or", "pass", "raise", "return", "run", "self", "str", "try", "tuple",
        "while", "with", "yield",
    ];

    /// <summary><c>service.auto_up</c> is <c>service_auto_up</c>: a method, a parameter, a field.</summary>
    public static string Local(string name)
    {
        string local = name.Replace('.', '_').Replace('-', '_');
        return _locals.Contains(local) ? local + "_" : local;
    }

    /// <summary>A kind of value or a limit: <c>LOG_LEVEL</c>.</summary>
    public static string Constant(string name)
    {
        string constant = name.Replace('.', '_').Replace('-', '_').ToUpperInvariant();
        return _constants.Contains(constant) ? constant + "_" : constant;
    }

    /// <summary>The literals of an enum: <c>LogLevel</c>.</summary>
    public static string Enum(string @enum) => Type(Identifiers.Pascal(@enum));

    /// <summary>The class of a set: <c>FileFlags</c>.</summary>
    public static string Set(string set) => Type(Identifiers.Pascal(set) + "s");

    /// <summary>The exception of an error: <c>ServiceUnknown</c>.</summary>
    public static string Error(string error) => Type(Identifiers.Pascal(error));

    /// <summary>The class of an event, or of one of its cases: <c>ServiceStateUpEvent</c>.</summary>
    public static string Event(string name) => Type(Identifiers.Pascal(name) + "Event");

    private static string Type(string name) => _types.Contains(name) ? name + "_" : name;
}
