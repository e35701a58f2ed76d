using System;
using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Checking;

/// <summary>Declarations of one kind whose C# names must differ, although their names do already.</summary>
internal sealed class UniqueIdentifiers(ProblemBag problems, string what, params string[] reserved)
{
    // Case does not make a difference either: generated files are named after what they declare.
    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);

    public void Add(DeclarationSyntax declaration) =>
        Add(declaration.Name.Text, Identifiers.Pascal(declaration.Name.Text), declaration.Name.Span);

    public void Add(string name, string identifier, TextSpan span)
    {
        if (Array.IndexOf(reserved, name) >= 0)
        {
            problems.Report(Rules.ReservedWord, span, name, what);
        }
        else if (!_names.TryGetValue(identifier, out string? other))
        {
            _names.Add(identifier, name);
        }
        else if (other != name)
        {
            problems.Report(Rules.SameIdentifier, span, name, other, identifier);
        }
    }
}
