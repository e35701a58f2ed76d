using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Checks the type of a field with what stands in its brackets.</summary>
internal sealed class ArgumentBinder(Scope scope, TypeLookup types)
{
    private static readonly Dictionary<string, (NameUse Use, string[] Needs)> _uses = new()
    {
        ["create"] = (NameUse.Create, ["unknown", "full"]),
        ["assign"] = (NameUse.Assign, ["unknown", "constant"]),
        ["change"] = (NameUse.Change, ["unknown", "constant"]),
        ["name"] = (NameUse.Form, []),
    };

    public ArgumentModel? Bind(ElementSyntax element, Places place)
    {
        if (types.Find(element, place) is not { } type)
        {
            return null;
        }

        switch (type.Kind)
        {
            case ValueKind.Name:
                return BindName(element, type, place);
            case ValueKind.Integer or ValueKind.Seconds:
                return BindNumber(element, type);
            case ValueKind.Pool:
                return BindPool(element, type);
            case ValueKind.Signal when element.Options.Count == 1 && element.Options[0].ToString() == "counted":
                return new ArgumentModel(type, NameUse.Form, null, null, true);
            case ValueKind.Signal when element.Options.Count > 0:
                Unknown(element, element.Options[0], ["counted"]);
                break;
            default:
                types.NoOptions(element);
                break;
        }

        return new ArgumentModel(type, NameUse.Form, null, null, false);
    }

    private ArgumentModel? BindName(ElementSyntax element, WireType type, Places place)
    {
        TypeSyntax declaration = types.Declaration(type.Declaration)!;
        bool isReference = TypeBinder.Has(declaration, "unknown");
        NameUse use = isReference ? NameUse.Existing : NameUse.Form;
        string[] needs = [];
        for (int index = 0; index < element.Options.Count; index++)
        {
            TypeOptionSyntax option = element.Options[index];
            if (index > 0 || option.IsRange || !_uses.TryGetValue(option.First.Text, out var found))
            {
                Unknown(element, option, _uses.Keys);
                return null;
            }

            (use, needs) = found;
        }

        if (place == Places.Option && use != NameUse.Form)
        {
            scope.Problems.Report(Rules.NotSupported, element.Span, "an option's value that must name something");
        }

        foreach (string member in needs)
        {
            // Where senders have rights, what nobody makes constant can be what some must not change.
            bool isNeeded = member != "constant" || use != NameUse.Change
                || !scope.Types.ContainsKey(RightBinder.EnumName);
            if (isNeeded && !TypeBinder.Has(declaration, member) && !declaration.IsBroken)
            {
                scope.Problems.Report(
                    Rules.UseNeedsText, element.Options[0].Span, element.Options[0].ToString(),
                    declaration.Name.Text, member);
            }
        }

        return new ArgumentModel(type, use, null, null, false);
    }

    private ArgumentModel? BindNumber(ElementSyntax element, WireType type)
    {
        TypeSyntax? declaration = types.Declaration(type.Declaration);
        if (declaration != null)
        {
            types.NoOptions(element);
        }

        List<TypeOptionSyntax> options = declaration?.Base.Options ?? element.Options;
        if (options.Count == 0)
        {
            return new ArgumentModel(type, NameUse.Form, null, null, false);
        }

        TypeOptionSyntax range = options[0];
        if (options.Count > 1 || !range.IsRange)
        {
            Unknown(element, options[options.Count > 1 ? 1 : 0], []);
            return null;
        }

        long? least = scope.Number(range.First);
        long? most = range.Last == null ? null : scope.Number(range.Last.Value);
        if (least > most)
        {
            scope.Problems.Report(Rules.EmptyRange, range.Span, range.ToString());
        }

        return least == null ? null : new ArgumentModel(type, NameUse.Form, least, most, false);
    }

    private ArgumentModel? BindPool(ElementSyntax element, WireType type)
    {
        if (element.Options.Count != 2
            || element.Options[0] is not { IsRange: true, Last: { } mostRecords } records
            || element.Options[1] is not { IsRange: true, Last: { } mostBytes } bytes)
        {
            scope.Problems.Report(Rules.MalformedPool, element.Span);
            return null;
        }

        var bounds = new PoolBounds(
            scope.Number(records.First) ?? 0, scope.Number(mostRecords) ?? 0,
            scope.Number(bytes.First) ?? 0, scope.Number(mostBytes) ?? 0);
        foreach ((TypeOptionSyntax range, bool isEmpty) in new[]
        {
            (records, bounds.LeastRecords > bounds.MostRecords), (bytes, bounds.LeastBytes > bounds.MostBytes),
        })
        {
            if (isEmpty)
            {
                scope.Problems.Report(Rules.EmptyRange, range.Span, range.ToString());
            }
        }

        return new ArgumentModel(type, NameUse.Form, null, null, false, bounds);
    }

    private void Unknown(ElementSyntax element, TypeOptionSyntax option, IEnumerable<string> candidates) =>
        scope.Problems.Report(
            Rules.UnknownOption, option.Span, option.ToString(), element.Token.Text,
            Suggestion.For(option.First.Text, candidates));
}
