using System.Collections.Generic;
using System.Linq;

namespace Daemonproxy.Generators.Model;

/// <summary>
/// One of the alternatives of a field with its C# name: a quoted word, a type behind a text, or a type alone, which is
/// called <c>Value</c>.
/// </summary>
internal sealed record Alternative(string Identifier, string Text, ArgumentModel? Type)
{
    /// <summary>The name of the type alone.</summary>
    public const string Value = "Value";

    /// <summary>True if it is a type that has no text before it.</summary>
    public bool IsAlone => Identifier == Value;

    /// <summary>The alternatives of a list of a command, in the order in which the parser tries them.</summary>
    public static List<Alternative> OfList(FieldModel field, string type)
    {
        var all = new List<Alternative>();
        foreach (string literal in field.Literals)
        {
            all.Add(new Alternative(Name(literal, type), literal, null));
        }

        foreach (PrefixedModel prefixed in field.Prefixed)
        {
            string name = Name(Short(prefixed.Prefix, field), type);
            all.Add(new Alternative(name, prefixed.Prefix, prefixed.Type));
        }

        if (field.Type != null)
        {
            all.Add(new Alternative(Value, "", field.Type));
        }

        return all;

        static string Name(string text, string type) => Identifiers.OfAlternative(text, type, "Kind", "Text", Value);
    }

    /// <summary>
    /// The text before a type without the signs at its end, unless another alternative would have that name.
    /// </summary>
    public static string Short(string prefix, FieldModel field)
    {
        int length = prefix.Length;
        while (length > 0 && !char.IsLetterOrDigit(prefix[length - 1]))
        {
            length--;
        }

        string name = prefix.Substring(0, length);
        bool isTaken = field.Literals.Contains(name)
            || field.Prefixed.Any(other => other.Prefix != prefix && other.Prefix.StartsWith(name));
        return length == 0 || isTaken ? prefix : name;
    }
}
