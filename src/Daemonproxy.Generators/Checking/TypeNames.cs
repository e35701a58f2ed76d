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
        "Name", "FieldReader", "FieldList", "FieldState", "Optional", "CommandError", "EventLine", "ArgumentTypes",
        "Instant", "Seconds", "Pid", "Signal", "Errno", "ErrorId", "Errors", "Warnings", "Infos", "Events", "Limits",
        "CommandId", "CommandTable", "CommandDispatch", "ICommandHandler", "SignalArgument", "OptionId", "OptionTable",
        "OptionDispatch", "IOptionHandler",
    };

    public static void Check(Scope scope)
    {
        var made = new Dictionary<string, DeclarationSyntax>(StringComparer.OrdinalIgnoreCase);
        foreach (DeclarationSyntax declaration in scope.Declarations)
        {
            string name = Identifiers.Pascal(declaration.Name.Text);
            string[] types = declaration switch
            {
                _ when name.Length == 0 || BaseTypes.IsReserved(declaration.Name.Text) => [],
                EnumSyntax => [name, name + "Text"],
                SetSyntax => [name + "s", name + "sText", name + "Set"],
                CommandSyntax => [name + "Arguments"],
                TypeSyntax { Base.Token.Text: "name" } => [name + "Index", name + "Target", name + "Name"],
                _ => [],
            };
            foreach (string type in types)
            {
                if (_taken.Contains(type))
                {
                    scope.Problems.Report(Rules.ReservedWord, declaration.Name.Span, type, "C# type");
                }
                else if (!made.TryGetValue(type, out DeclarationSyntax? other))
                {
                    made.Add(type, declaration);
                }
                else if (!IsReportedAlready(declaration, other))
                {
                    scope.Problems.Report(
                        Rules.SameIdentifier, declaration.Name.Span, declaration.Name.Text, other.Name.Text, type);
                    break;
                }
            }
        }
    }

    // Commands are compared with each other by their own names, and what is declared twice is a problem as it is.
    private static bool IsReportedAlready(DeclarationSyntax one, DeclarationSyntax other) =>
        (one is CommandSyntax && other is CommandSyntax) || one.Name.Text == other.Name.Text;
}
