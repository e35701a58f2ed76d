namespace Daemonproxy.Generators.Model;

/// <summary>The C# types that are made of declarations, by their names without a namespace.</summary>
internal static class TypeIdentifiers
{
    public static string Enum(string @enum) => Identifiers.Type(Identifiers.Pascal(@enum));

    /// <summary>The class that knows the words of an enum.</summary>
    public static string EnumText(string @enum) => Identifiers.Type(Identifiers.Pascal(@enum) + "Text");

    /// <summary>The flags of the set <c>file-flag</c> are <c>FileFlags</c>.</summary>
    public static string Set(string set) => Identifiers.Type(Identifiers.Pascal(set) + "s");

    /// <summary>The class that knows the words of a set.</summary>
    public static string SetText(string set) => Identifiers.Type(Identifiers.Pascal(set) + "sText");

    /// <summary>The flags of a set with their values.</summary>
    public static string ValuedSet(string set) => Identifiers.Type(Identifiers.Pascal(set) + "Set");

    /// <summary>The form of a declared name; on the side of the client, the name itself.</summary>
    public static string Name(string type) => Identifiers.Type(Identifiers.Pascal(type) + "Name");

    /// <summary>The index type of a declared name: its record in a table.</summary>
    public static string Index(string type) => Identifiers.Type(Identifiers.Pascal(type) + "Index");

    /// <summary>The type of a target: a command makes it, or uses it if it exists.</summary>
    public static string Target(string type) => Identifiers.Type(Identifiers.Pascal(type) + "Target");

    /// <summary>The interface of the commands of a section: <c>IServicesCommands</c>.</summary>
    public static string Section(string section) => Identifiers.Type("I" + Identifiers.Pascal(section) + "Commands");

    public static string Arguments(string command) => Identifiers.Type(Identifiers.Pascal(command) + "Arguments");

    /// <summary>The client's class that knows the words of an enum.</summary>
    public static string EnumWords(string @enum) => Identifiers.Type(Identifiers.Pascal(@enum) + "Words");

    /// <summary>The client's class that knows the words of a set.</summary>
    public static string SetWords(string set) => Identifiers.Type(Identifiers.Pascal(set) + "sWords");

    /// <summary>The client's record of an event, or of one of its cases.</summary>
    public static string Event(string name) => Identifiers.Type(Identifiers.Pascal(name) + "Event");

    /// <summary>The list of a command.</summary>
    public static string List(string command, string field) => OfField(command, field, "List");

    /// <summary>The enum of the alternatives of an argument.</summary>
    public static string Kind(string command, string field) => OfField(command, field, "Kind");

    /// <summary>The client's type of an argument that may be a quoted word; the server's in a list.</summary>
    public static string Choice(string command, string field) => OfField(command, field, "Argument");

    private static string OfField(string command, string field, string what) =>
        Identifiers.Type(Identifiers.Pascal(command) + Identifiers.Pascal(field) + what);
}
