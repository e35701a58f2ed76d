using System;
using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>C# types made of declared types must not meet each other or the types that are there by hand.</summary>
internal static class TypeNames
{
    private static readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase)
    {
        "Name", "FieldReader", "FieldList", "FieldState", "Optional", "CommandError", "LineWriter", "ArgumentTypes",
        "Instant", "Seconds", "Pid", "Signal", "Errno", "ErrorId", "Errors", "Warnings", "Infos", "Events", "Limits",
        "CommandId", "CommandRights", "CommandTable", "CommandDispatch", "CommandHandlers", "ICommandLookup",
        "ICommands", "SignalArgument", "OptionId", "OptionTable", "OptionDispatch", "IOptionHandler", "LineServer",
        "LineConnection", "NameTable", "StoredText",
    };

    public static void Check(Scope scope)
    {
        var made = new Dictionary<string, DeclarationSyntax>(StringComparer.OrdinalIgnoreCase);
        foreach (DeclarationSyntax declaration in scope.Declarations)
        {
            foreach (string type in MadeOf(declaration))
            {
                if (_taken.Contains(type))
                {
                    scope.Problems.Report(Rules.ReservedWord, declaration.Name.Span, type, "C# type");
                }
                else if (!made.TryGetValue(type, out DeclarationSyntax? other))
                {
                    made.Add(type, declaration);
                }
                else if (!IsReportedAlready(declaration, other, type))
                {
                    scope.Problems.Report(
                        Rules.SameIdentifier, declaration.Name.Span, declaration.Name.Text, other.Name.Text, type);
                    break;
                }
            }
        }
    }

    // What either side of the protocol makes of it.
    private static List<string> MadeOf(DeclarationSyntax declaration)
    {
        string name = declaration.Name.Text;
        string pascal = Identifiers.Pascal(name);
        if (name.Length == 0 || BaseTypes.IsReserved(name))
        {
            return [];
        }

        switch (declaration)
        {
            case EnumSyntax:
                return [pascal, pascal + "Text", pascal + "Words"];
            case SetSyntax:
                return [pascal + "s", pascal + "sText", pascal + "sWords", pascal + "Set"];
            case TypeSyntax { Base.Token.Text: "name" }:
                return [pascal + "Index", pascal + "Target", pascal + "Name"];
            case CommandSyntax command:
                List<string> types = [pascal + "Arguments"];
                command.Fields.ForEach(
                    field => types.AddRange(MadeOf(field, pascal + Identifiers.Pascal(field.Name.Text))));
                return types;
            case SectionSyntax:
                return ["I" + pascal + "Commands"];
            case EventSyntax @event:
                List<string> records = [pascal + "Event"];
                @event.Rows.ForEach(row => records.Add(pascal + Identifiers.Pascal(row.Name.Text) + "Event"));
                return records;
            default:
                return [];
        }
    }

    // Alternatives have a type with the value of each, and in a list one that says which it is.
    private static List<string> MadeOf(FieldSyntax field, string pascal)
    {
        bool isChoice = field.Alternatives.Count > 1
            || (field.IsList && field.Alternatives.Exists(one => one.IsLiteral || one.Prefix != null));
        List<string> types = isChoice ? [pascal + "Argument"] : [];
        if (field.IsList)
        {
            types.AddRange(isChoice ? [pascal + "List", pascal + "Kind"] : [pascal + "List"]);
        }

        return types;
    }

    // The lines of events, and the arguments of commands, are compared by their own names; what is declared twice is a
    // problem as it is.
    private static bool IsReportedAlready(DeclarationSyntax one, DeclarationSyntax other, string type) =>
        one.Name.Text == other.Name.Text
        || (one is EventSyntax && other is EventSyntax && !IsTable(one, type) && !IsTable(other, type))
        || (one is CommandSyntax && other is CommandSyntax && type.EndsWith("Arguments", StringComparison.Ordinal));

    // Whether it is the type that all cases of an event have in common, which is no line.
    private static bool IsTable(DeclarationSyntax declaration, string type) =>
        declaration is EventSyntax { Cases: not null }
        && string.Equals(Identifiers.Pascal(declaration.Name.Text) + "Event", type, StringComparison.OrdinalIgnoreCase);
}
