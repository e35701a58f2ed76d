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

    /// <summary>An identifier that is made of a name, and may have another one with it: a constant, say.</summary>
    public void Add(string name, string identifier, TextSpan span, string? also = null)
    {
        if (Array.IndexOf(reserved, name) >= 0)
        {
            problems.Report(Rules.ReservedWord, span, name, what);
        }
        else if (IsNew(name, identifier, span) && also != null)
        {
            IsNew(name, also, span);
        }
    }

    private bool IsNew(string name, string identifier, TextSpan span)
    {
        if (!_names.TryGetValue(identifier, out string? other))
        {
            _names.Add(identifier, name);
            return true;
        }

        if (other != name)
        {
            problems.Report(Rules.SameIdentifier, span, name, other, identifier);
        }

        return false;
    }
}
