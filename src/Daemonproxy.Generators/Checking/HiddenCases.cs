using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>
/// A reader of an event takes the first case that the line fits, and ignores further fields, as there may be new ones.
/// A case of which every line fits another one above it is never seen.
/// </summary>
internal sealed class HiddenCases(Scope scope, SpecModel model)
{
    private readonly ValueCover _values = new(model);

    public void Check()
    {
        foreach (EventTableModel @event in model.Manual.Events)
        {
            for (int below = 1; below < @event.Rows.Count; below++)
            {
                Check(@event, below);
            }
        }
    }

    private void Check(EventTableModel @event, int below)
    {
        for (int above = 0; above < below; above++)
        {
            if (Accepts(@event.Rows[above].Cells, @event.Rows[below].Cells))
            {
                var table = (EventSyntax)scope.Others["event " + @event.Name];
                scope.Problems.Report(
                    Rules.HiddenCase, table.Rows[below].Name.Span, @event.Rows[below].Case!, @event.Rows[above].Case!);
                return;
            }
        }
    }

    private bool Accepts(EquatableArray<CellModel> reader, EquatableArray<CellModel> written)
    {
        for (int index = 0; index < reader.Count; index++)
        {
            if (reader[index].Shape != CellShape.List
                && (index >= written.Count || !Accepts(reader[index], written[index])))
            {
                return false;
            }
        }

        return true;
    }

    // A sequence is compared with one of the same parts only; what it accepts of others is not worth the trouble.
    private bool Accepts(CellModel reader, CellModel written)
    {
        List<ElementModel> readers = Elements(reader);
        List<ElementModel> all = Elements(written);
        if (reader.Shape == CellShape.Sequence)
        {
            bool isLike = written.Shape == CellShape.Sequence && readers.Count == all.Count;
            for (int index = 0; isLike && index < all.Count; index++)
            {
                isLike = _values.Accepts(readers[index], all[index]);
            }

            return isLike;
        }

        bool isAnyText = readers.Exists(element => element.Type?.Kind == ValueKind.Text);
        return isAnyText || (written.Shape is CellShape.OneOf or CellShape.Dash
            && all.TrueForAll(one => readers.Exists(element => _values.Accepts(element, one))));
    }

    private static List<ElementModel> Elements(CellModel cell) =>
        cell.Shape == CellShape.Dash ? [new ElementModel("-", null)] : [.. cell.Elements];
}
