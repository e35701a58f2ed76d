using System;
using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Names of one kind in one place, which must differ, in C# too.</summary>
internal sealed class UniqueNames(ProblemBag problems, string what, params string[] reserved)
{
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<string, string> _identifiers = new(StringComparer.OrdinalIgnoreCase);

    public void Add(Token name)
    {
        string identifier = Identifiers.Pascal(name.Text);
        if (name.Text.Length == 0)
        {
            return;
        }

        if (!_names.Add(name.Text))
        {
            problems.Report(Rules.DuplicateMember, name.Span, name.Text);
        }
        else if (Array.IndexOf(reserved, name.Text) >= 0)
        {
            problems.Report(Rules.ReservedWord, name.Span, name.Text, what);
        }
        else if (_identifiers.TryGetValue(identifier, out string? other))
        {
            problems.Report(Rules.SameIdentifier, name.Span, name.Text, other, identifier);
        }
        else
        {
            _identifiers.Add(identifier, name.Text);
        }
    }
}
