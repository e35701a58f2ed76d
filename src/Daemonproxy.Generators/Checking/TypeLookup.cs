using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Finds what the types in fields, cells and placeholders are.</summary>
internal sealed class TypeLookup(Scope scope)
{
    /// <summary>The type that an element names, if it may stand in this place.</summary>
    public WireType? Find(Token name, Places place)
    {
        if (BaseTypes.All.TryGetValue(name.Text, out (ValueKind Kind, Places Places) found))
        {
            return Allowed(WireType.Of(found.Kind), name, found.Places, place);
        }

        if (scope.Types.TryGetValue(name.Text, out DeclarationSyntax? declaration))
        {
            return declaration switch
            {
                EnumSyntax => Allowed(new WireType(ValueKind.Enum, name.Text), name, BaseTypes.OfEnums, place),
                TypeSyntax type => FindDeclared(type, name, place),
                _ => null,
            };
        }

        if (scope.TellsUnknown("type", name.Text))
        {
            scope.Problems.Report(
                Rules.UnknownType, name.Span, name.Text, Suggestion.For(name.Text, Candidates(place)));
        }

        return null;
    }

    /// <summary>The same for an element, whose set is looked up as well; other options are for the caller.</summary>
    public WireType? Find(ElementSyntax element, Places place)
    {
        WireType? type = Find(element.Token, place);
        return type is { Kind: ValueKind.Set } ? FindSet(element) : type;
    }

    /// <summary>Reports options where none may stand.</summary>
    public void NoOptions(ElementSyntax element)
    {
        if (element.Options.Count > 0 && !element.Token.IsWord("set"))
        {
            scope.Problems.Report(
                Rules.UnknownOption, element.Options[0].Span, element.Options[0].ToString(), element.Token.Text, "");
        }
    }

    /// <summary>The declaration of a type, behind a name or a number that has one.</summary>
    public TypeSyntax? Declaration(string name) =>
        scope.Types.TryGetValue(name, out DeclarationSyntax? declaration) ? declaration as TypeSyntax : null;

    private WireType? FindDeclared(TypeSyntax type, Token name, Places place)
    {
        ValueKind? kind = type.Base.Token.Text switch
        {
            "name" => ValueKind.Name,
            "integer" => ValueKind.Integer,
            "seconds" => ValueKind.Seconds,
            _ => null,
        };
        return kind == null ? null : Allowed(new WireType(kind.Value, type.Name.Text), name, BaseTypes.OfNames, place);
    }

    private WireType? FindSet(ElementSyntax element)
    {
        if (element.Options.Count != 1 || element.Options[0].IsRange)
        {
            scope.Problems.Report(Rules.SetNeeded, element.Span);
            return null;
        }

        Token name = element.Options[0].First;
        if (scope.Sets.TryGetValue(name.Text, out SetSyntax? set))
        {
            bool hasValues = set.Words.Exists(word => word.Value != null);
            return new WireType(hasValues ? ValueKind.ValuedSet : ValueKind.Set, name.Text)
            {
                HasTexts = set.Words.Exists(word => SetBinder.IsText(word.Value)),
            };
        }

        if (scope.TellsUnknown("set", name.Text))
        {
            scope.Problems.Report(Rules.UnknownSet, name.Span, name.Text, Suggestion.For(name.Text, scope.Sets.Keys));
        }

        return null;
    }

    private WireType? Allowed(WireType type, Token name, Places allowed, Places place)
    {
        if ((allowed & place) != 0)
        {
            return type;
        }

        scope.Problems.Report(Rules.TypeNotHere, name.Span, name.Text, Describe(place));
        return null;
    }

    private static string Describe(Places place) => place switch
    {
        Places.Command => "a field of a command",
        Places.Option => "the value of an option",
        Places.Event => "an event",
        _ => "a placeholder",
    };

    private IEnumerable<string> Candidates(Places place)
    {
        foreach (KeyValuePair<string, (ValueKind Kind, Places Places)> type in BaseTypes.All)
        {
            if ((type.Value.Places & place) != 0)
            {
                yield return type.Key;
            }
        }

        foreach (string name in scope.Types.Keys)
        {
            yield return name;
        }
    }
}
