using System;
using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Checks the alternatives of a field whose values begin with a quoted text: <c>"fd:" fd[name]</c>.</summary>
internal sealed class PrefixBinder(Scope scope, TypeLookup types, ErrorLookup errors)
{
    private readonly ArgumentBinder _arguments = new(scope, types);
    private readonly FieldErrorBinder _errors = new(scope, errors, types);

    /// <summary>Those of a field, in order.</summary>
    public List<PrefixedModel> Bind(FieldSyntax field, Places place, bool isRestricted, ref bool isSound)
    {
        var bound = new List<PrefixedModel>();
        foreach (ElementSyntax element in field.Alternatives)
        {
            if (element.Prefix is not { } prefix)
            {
                continue;
            }

            if (element.IsRest)
            {
                isSound = false;
                scope.Problems.Report(Rules.RestAlone, element.Span);
                continue;
            }

            if (place != Places.Command || !field.IsList)
            {
                isSound = false;
                NotHere(scope, element);
                continue;
            }

            CheckReached(prefix, bound);
            if (_arguments.Bind(element, place) is { } type)
            {
                bound.Add(new PrefixedModel(
                    prefix.Text, element.ToString(), type,
                    _errors.Bind(field, element, type, place, isRestricted)));
            }
            else
            {
                isSound = false;
            }
        }

        return bound;
    }

    /// <summary>Reports each in the field of an event.</summary>
    public static void Refuse(Scope scope, FieldSyntax field)
    {
        foreach (ElementSyntax element in field.Alternatives.FindAll(one => one.Prefix != null))
        {
            NotHere(scope, element);
        }
    }

    private static void NotHere(Scope scope, ElementSyntax element) => scope.Problems.Report(
        Rules.NotSupported, element.Span, "a quoted text before a type, other than in a list of a command");

    // The alternatives are tried in order, those with a text before the one that has none.
    private void CheckReached(Token prefix, List<PrefixedModel> before)
    {
        PrefixedModel? other = before.Find(one => prefix.Text.StartsWith(one.Prefix, StringComparison.Ordinal));
        if (other != null || prefix.Text.Length == 0)
        {
            scope.Problems.Report(Rules.PrefixHidden, prefix.Span, prefix.Text, other?.Prefix ?? "");
        }
    }
}
