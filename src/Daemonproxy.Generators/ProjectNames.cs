using System.Collections.Generic;
using System.Text;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Writing;
using Microsoft.CodeAnalysis.CSharp;

namespace Daemonproxy.Generators;

/// <summary>The names that a project file gives to what is generated: which of them C# can have.</summary>
internal static class ProjectNames
{
    /// <summary>
    /// The namespace that a name stands for, which may be that of a project: what C# does not allow in it becomes an
    /// underscore, as in the templates of .NET, and a keyword is escaped.
    /// </summary>
    public static string NamespaceOf(string name)
    {
        string[] parts = name.Split('.');
        for (int index = 0; index < parts.Length; index++)
        {
            parts[index] = Part(parts[index]);
        }

        return string.Join(".", parts);
    }

    /// <summary>
    /// The settings with names of types that nothing else has, and a problem for each that cannot be used.
    /// </summary>
    public static ProjectSettings Check(ProjectSettings settings, SpecModel? model)
    {
        if (!settings.Names.HasGeneratedRuntime)
        {
            return settings;
        }

        Namespaces usual = Namespaces.Below("");
        var taken = new Dictionary<string, string>();
        foreach (EventModel @event in settings.IsClient && model != null ? model.Events : default)
        {
            taken[TypeIdentifiers.Event(@event.Name)] = "event " + @event.Name;
            foreach (EventLineModel line in @event.Lines)
            {
                taken[TypeIdentifiers.Event(@event.Name + "." + line.Case)] = "event " + @event.Name;
            }
        }

        var problems = new List<Problem>();
        Namespaces names = settings.Names;
        if (Reason(names.Connection, usual.Connection, taken) is { } wrong)
        {
            problems.Add(ProblemOf("ProtocolConnection", names.Connection, wrong));
            names = names with { Connection = usual.Connection };
        }

        taken[names.Connection] = "ProtocolConnection";
        if (Reason(names.Event, usual.Event, taken) is { } bad)
        {
            problems.Add(ProblemOf("ProtocolEvent", names.Event, bad));
            names = names with { Event = usual.Event };
        }

        return settings with { Names = names, Problems = new EquatableArray<Problem>(problems) };
    }

    private static string Part(string part)
    {
        var valid = new StringBuilder(part.Length);
        foreach (char character in part)
        {
            valid.Append(SyntaxFacts.IsIdentifierPartCharacter(character) ? character : '_');
        }

        if (valid.Length == 0 || !SyntaxFacts.IsIdentifierStartCharacter(valid[0]))
        {
            valid.Insert(0, '_');
        }

        string name = valid.ToString();
        return SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
    }

    // Why a type cannot have this name; null if it can.
    private static string? Reason(string name, string usual, Dictionary<string, string> taken) =>
        name == usual ? null
        : !SyntaxFacts.IsValidIdentifier(name) || SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None
            ? "it is not the name of a type in C#"
        : TakenNames.Types.Contains(name) ? "another type or a namespace is called so"
        : taken.TryGetValue(name, out string? other) ? other + " gets this name"
        : null;

    private static Problem ProblemOf(string property, string name, string reason) =>
        new(Rules.ProjectName, "", default, default, new EquatableArray<string>([property, name, reason]));
}
