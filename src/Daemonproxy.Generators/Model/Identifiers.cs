using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Daemonproxy.Generators.Model;

/// <summary>
/// The C# names of what the spec names. A name that is taken gets an underscore behind it: no name of a spec can
/// have one there, so that what was made differently can never meet it.
/// </summary>
internal static class Identifiers
{
    /// <summary><c>service.auto_up</c> is <c>ServiceAutoUp</c>.</summary>
    public static string Pascal(string name)
    {
        var identifier = new StringBuilder(name.Length);
        bool upper = true;
        foreach (char c in name)
        {
            if (c is '.' or '-' or '_')
            {
                upper = true;
                continue;
            }

            identifier.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = false;
        }

        return identifier.ToString();
    }

    /// <summary>A type, which stands beside those of .NET and of the runtime.</summary>
    public static string Type(string identifier) =>
        TakenNames.Types.Contains(identifier) ? identifier + "_" : identifier;

    /// <summary>A member of a type that has the given members of its own, among them the type's name.</summary>
    public static string Member(string identifier, params string[] own) =>
        TakenNames.Members.Contains(identifier) ? identifier + "_" : EnumMember(identifier, own);

    /// <summary>A member of an enum, where only its own members are in the way.</summary>
    public static string EnumMember(string identifier, params string[] own) =>
        System.Array.IndexOf(own, identifier) >= 0 ? identifier + "_" : identifier;

    /// <summary>The method that writes a line, beside which there is the most bytes of each.</summary>
    public static string Writer(string name, string type)
    {
        string method = Member(Pascal(name), type);
        return method.StartsWith("Longest", System.StringComparison.Ordinal) ? method + "_" : method;
    }

    /// <summary>The method that handles a command or an option.</summary>
    public static string Handler(string name, string handler)
    {
        string method = Member(Pascal(name), handler);
        return method.StartsWith("HasRoomFor", System.StringComparison.Ordinal) ? method + "_" : method;
    }

    /// <summary>
    /// A parameter or variable: <c>auto-up</c> is <c>autoUp</c>. A word that C# reserves is escaped.
    /// </summary>
    public static string Local(string name)
    {
        string pascal = Pascal(name);
        string camel = pascal.Length == 0 ? pascal : char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
        return SyntaxFacts.GetKeywordKind(camel) != SyntaxKind.None ? "@" + camel
            : TakenNames.Locals.Contains(camel) ? camel + "_"
            : camel;
    }

    /// <summary>A variable beside that of a field; the underscore parts it from those of other fields.</summary>
    public static string Beside(string local, string what) => local.TrimStart('@') + "_" + what;

    /// <summary>The name of a quoted literal: <c>"-"</c> is <c>Dash</c>, <c>"always"</c> is <c>Always</c>.</summary>
    /// <remarks>A name that begins with a digit is not for itself.</remarks>
    public static string OfLiteral(string literal)
    {
        if (literal.Length == 0)
        {
            return "Empty";
        }

        var words = new StringBuilder();
        foreach (char c in literal)
        {
            if (c < 128 && char.IsLetterOrDigit(c))
            {
                words.Append(c);
            }
            else
            {
                words.Append('.').Append(OfCharacter(c)).Append('.');
            }
        }

        return Pascal(words.ToString());
    }

    /// <summary>
    /// The member for an alternative of a field: of its quoted word, or of the text before its type. The type that has
    /// it has these members of its own.
    /// </summary>
    public static string OfAlternative(string text, params string[] own)
    {
        string identifier = OfLiteral(text);
        return char.IsDigit(identifier[0]) ? "Word" + identifier + "_" : Member(identifier, own);
    }

    private static string OfCharacter(char c) => c switch
    {
        '-' => "dash",
        '+' => "plus",
        '*' => "star",
        '?' => "question",
        '!' => "bang",
        '.' => "dot",
        ':' => "colon",
        '/' => "slash",
        '=' => "equals",
        ' ' or '_' => "",
        _ => "x" + ((int)c).ToString("X", CultureInfo.InvariantCulture),
    };
}
