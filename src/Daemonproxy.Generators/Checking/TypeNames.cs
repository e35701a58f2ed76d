using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>C# types made of declared types must not meet each other or the types that are there by hand.</summary>
internal static class TypeNames
{
    private static readonly HashSet<string> _taken =
    [
        "Name", "FieldReader", "FieldList", "FieldState", "Optional", "CommandError", "EventLine", "ArgumentTypes",
        "Instant", "Seconds", "Pid", "Signal", "Errno", "ErrorId", "Errors", "Warnings", "Infos", "Events", "Limits",
        "CommandId", "OptionId",
    ];

    public static void Check(Scope scope)
    {
        var made = new Dictionary<string, string>();
        foreach (DeclarationSyntax declaration in scope.Declarations)
        {
            string name = Identifiers.Pascal(declaration.Name.Text);
            string[] types = declaration switch
            {
                _ when name.Length == 0 || BaseTypes.IsReserved(declaration.Name.Text) => [],
                EnumSyntax => [name, name + "Text"],
                SetSyntax => [name + "s", name + "sText"],
                TypeSyntax { Base.Token.Text: "name" } => [name + "Index", name + "Target", name + "Name"],
                _ => [],
            };
            foreach (string type in types)
            {
                if (_taken.Contains(type))
                {
                    scope.Problems.Report(Rules.ReservedWord, declaration.Name.Span, type, "C# type");
                }
                else if (made.TryGetValue(type, out string? other) && other != declaration.Name.Text)
                {
                    scope.Problems.Report(
                        Rules.SameIdentifier, declaration.Name.Span, declaration.Name.Text, other, type);
                }
                else
                {
                    made[type] = declaration.Name.Text;
                }
            }
        }
    }
}
