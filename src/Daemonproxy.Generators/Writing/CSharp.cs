using System.Globalization;
using System.Text;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>The C# of the parts of a spec.</summary>
internal static class CSharp
{
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

    /// <summary>A number, or the default of its type.</summary>
    public static string Default(long? number) => number is { } value ? Number(value) : "default";

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
    public static string EnumType(string @enum) => InProtocol + TypeIdentifiers.Enum(@enum);

    /// <summary>The class that knows the words of an enum, in full.</summary>
    public static string EnumText(string @enum) => InProtocol + TypeIdentifiers.EnumText(@enum);

    /// <summary>The flags of a <c>set</c>, in full.</summary>
    public static string SetType(string set) => InProtocol + TypeIdentifiers.Set(set);

    /// <summary>The class that knows the words of a set, in full.</summary>
    public static string SetText(string set) => InProtocol + TypeIdentifiers.SetText(set);

    /// <summary>The flags of a <c>set</c> with their values, in full.</summary>
    public static string ValuedSetType(string set) => InProtocol + TypeIdentifiers.ValuedSet(set);

    /// <summary>The full name of the index type of a declared name.</summary>
    public static string IndexType(string type) => InProtocol + TypeIdentifiers.Index(type);

    /// <summary>The full name of the type of a target.</summary>
    public static string TargetType(string type) => InProtocol + TypeIdentifiers.Target(type);

    /// <summary>The member of the errors for one of them, in full.</summary>
    public static string Error(string name) => Errors + "." + ErrorMember(name);

    /// <summary>The same within the class.</summary>
    public static string ErrorMember(string name) =>
        Identifiers.Member(Identifiers.Pascal(name), "Errors", "Write", "Text", "Cut");

    /// <summary>A statement that appends a value to an event line or an error's text.</summary>
    public static string WriteTo(string line, WireType type, string value) => type.Kind switch
    {
        ValueKind.Text => line + ".Text(" + value + ");",
        ValueKind.ExitCode => line + ".Integer(" + value + ");",
        ValueKind.Enum => line + ".Text(" + EnumText(type.Declaration) + ".Text(" + value + "));",
        ValueKind.Set or ValueKind.ValuedSet =>
            SetText(type.Declaration) + ".Write(ref " + line + ", " + value + ");",
        _ => line + "." + type.Kind + "(" + value + ");",
    };
}
