using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Checks the cells of an event, which may also be its fields, and adds them to its line.</summary>
internal sealed class CellBinder(Scope scope, TypeLookup types, PieceBuilder line)
{
    public void Bind(CellSyntax cell, string field)
    {
        line.Text("\t");
        switch (cell.Kind)
        {
            case CellKind.Dash:
                line.Text("-");
                break;
            case CellKind.List:
                line.Value(field, WireType.Of(ValueKind.Text), isRest: true);
                break;
            case CellKind.Sequence:
                BindSequence(cell, field);
                break;
            default:
                BindAlternatives(cell, field);
                break;
        }
    }

    private void BindAlternatives(CellSyntax cell, string field)
    {
        ElementSyntax first = cell.Elements[0];
        if (cell.Elements.Count == 1)
        {
            BindOne(first, field);
            return;
        }

        ElementSyntax second = cell.Elements[1];
        if (cell.Elements.Count == 2 && !first.IsLiteral && second.IsLiteral
            && Find(first) is { Kind: ValueKind.Name } type)
        {
            line.NameOrLiteral(field, type, second.Token.Text);
            return;
        }

        scope.Problems.Report(
            Rules.NotSupported, second.Span, "alternatives in an event other than a name and then a literal");
    }

    private void BindOne(ElementSyntax element, string field)
    {
        if (element.IsLiteral)
        {
            line.Text(element.Token.Text);
        }
        else if (Find(element) is { } type)
        {
            line.Value(field, type, element.IsRest);
        }
    }

    // Words with commas between them. What is never empty is the hinge: flags before it bring a comma behind them,
    // flags after it bring one before them, so that none are left over when there are no flags.
    private void BindSequence(CellSyntax cell, string field)
    {
        int hinge = cell.Elements.FindIndex(element => !element.Token.IsWord("set"));
        if (hinge < 0)
        {
            scope.Problems.Report(Rules.SequenceNeedsLiteral, cell.Span);
            return;
        }

        for (int index = 0; index < cell.Elements.Count; index++)
        {
            ElementSyntax element = cell.Elements[index];
            if (element.Token.IsWord("set") && Find(element) is { } flags)
            {
                line.Flags(field, flags, commaFirst: index > hinge);
            }
            else if (element.Token.IsWord("text") || element.Token.IsWord("rest"))
            {
                scope.Problems.Report(Rules.SequenceNeedsLiteral, element.Span);
            }
            else
            {
                line.Text(index > hinge ? "," : "");
                BindOne(element, field);
            }
        }
    }

    private WireType? Find(ElementSyntax element)
    {
        types.NoOptions(element);
        return types.Find(element, Places.Event);
    }
}
