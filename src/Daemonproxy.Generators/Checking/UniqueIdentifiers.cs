using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Checking;

/// <summary>Declarations of one kind whose C# names must differ, although their names do already.</summary>
internal sealed class UniqueIdentifiers(ProblemBag problems)
{
    private readonly Dictionary<string, string> _names = [];

    public void Add(DeclarationSyntax declaration) =>
        Add(declaration.Name.Text, Identifiers.Pascal(declaration.Name.Text), declaration.Name.Span);

    public void Add(string name, string identifier, TextSpan span)
    {
        if (!_names.TryGetValue(identifier, out string? other))
        {
            _names.Add(identifier, name);
        }
        else if (other != name)
        {
            problems.Report(Rules.SameIdentifier, span, name, other, identifier);
        }
    }
}
