using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Daemonproxy.Generators.Model;

/// <summary>The C# names of what the spec names.</summary>
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

    /// <summary><c>auto-up</c> is <c>autoUp</c>, and a word that C# reserves is escaped.</summary>
    public static string Camel(string name)
    {
        string pascal = Pascal(name);
        string camel = pascal.Length == 0 ? pascal : char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
        return SyntaxFacts.GetKeywordKind(camel) == SyntaxKind.None ? camel : "@" + camel;
    }

    /// <summary>The name of a quoted literal: <c>"-"</c> is <c>Dash</c>, <c>"always"</c> is <c>Always</c>.</summary>
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
