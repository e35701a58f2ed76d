using System;
using System.Globalization;
using System.Text;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>How things of the spec are written in C#.</summary>
internal static class CSharp
{
    /// <summary>Names that generated methods have for themselves.</summary>
    private static readonly string[] _reserved = ["fields", "handler", "fieldCount", "line", "id"];

    /// <summary><c>"text"u8</c>.</summary>
    public static string Utf8(string text) => Quoted(text) + "u8";

    /// <summary>A string literal.</summary>
    public static string Quoted(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (char c in text)
        {
            switch (c)
            {
                case '"' or '\\':
                    literal.Append('\\').Append(c);
                    break;
                case '\t':
                    literal.Append("\\t");
                    break;
                case '\n':
                    literal.Append("\\n");
                    break;
                default:
                    literal.Append(c);
                    break;
            }
        }

        return literal.Append('"').ToString();
    }

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// The condition that a number is out of range; null if none can be, which C# would not let be compared.
    /// </summary>
    public static string? OutOfRange(string number, long? least, long? most)
    {
        string? below = least is null or long.MinValue ? null : "< " + Number(least.Value);
        string? above = most is null or long.MaxValue ? null : "> " + Number(most.Value);
        return below != null && above != null ? number + " is " + below + " or " + above
            : below != null || above != null ? number + " " + (below ?? above)
            : null;
    }

    /// <summary>The C# type of a value.</summary>
    public static string TypeOf(WireType type) => type.Kind switch
    {
        ValueKind.Text => Bytes,
        ValueKind.Integer => "long",
        ValueKind.ExitCode => "int",
        ValueKind.Enum => EnumType(type.Declaration),
        ValueKind.Set => SetType(type.Declaration),
        ValueKind.ValuedSet => ValuedSetType(type.Declaration),
        _ => Runtime.TypeOf(type.Kind),
    };

    /// <summary>The C# enum of an <c>enum</c>, in full.</summary>
    public static string EnumType(string @enum) => InProtocol + Identifiers.Pascal(@enum);

    /// <summary>The flags of a <c>set</c>, in full.</summary>
    public static string SetType(string set) => InProtocol + SetName(set);

    /// <summary>The flags of a <c>set</c> with their values, in full.</summary>
    public static string ValuedSetType(string set) => InProtocol + Identifiers.Pascal(set) + "Set";

    /// <summary>The type of a declared name that ends in Name, Index or Target, in full.</summary>
    public static string NameType(string type, string suffix) => InProtocol + Identifiers.Pascal(type) + suffix;

    /// <summary>The flags of the set <c>file-flag</c> are <c>FileFlags</c>.</summary>
    public static string SetName(string set) => Identifiers.Pascal(set) + "s";

    /// <summary>A statement that appends a value to an event line or an error's text.</summary>
    public static string WriteTo(string line, WireType type, string value) => type.Kind switch
    {
        ValueKind.Text => line + ".Text(" + value + ");",
        ValueKind.ExitCode => line + ".Integer(" + value + ");",
        ValueKind.Enum => line + ".Text(" + EnumType(type.Declaration) + "Text.Text(" + value + "));",
        ValueKind.Set or ValueKind.ValuedSet =>
            SetType(type.Declaration) + "Text.Write(ref " + line + ", " + value + ");",
        _ => line + "." + type.Kind + "(" + value + ");",
    };

    /// <summary>The name of a parameter or variable that stands for a field.</summary>
    public static string Local(string field)
    {
        string camel = Identifiers.Camel(field);
        return camel[0] == '@' || Array.IndexOf(_reserved, camel) >= 0 ? camel.TrimStart('@') + "Argument" : camel;
    }
}
