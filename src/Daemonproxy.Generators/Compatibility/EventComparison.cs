using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.Generators.Compatibility;

/// <summary>
/// Compares the lines of an event. New cases and new fields at the end are no matter: a controller reads the fields
/// that it knows.
/// </summary>
internal sealed class EventComparison(TypeComparison types, string version, ProblemBag problems, SpecSpans spans)
{
    public void Compare(EventTableModel released, EventTableModel now)
    {
        foreach (EventRowModel row in released.Rows)
        {
            EventRowModel? same = null;
            foreach (EventRowModel candidate in now.Rows)
            {
                same = candidate.Case == row.Case ? candidate : same;
            }

            if (same != null)
            {
                Compare(released.Name, row, same);
            }
            else if (row.Case == null)
            {
                problems.Report(
                    Rules.LineChanged, spans.Declaration("event", released.Name), version,
                    Wire.Usage(released.Name, row));
            }
            else
            {
                problems.Report(
                    Rules.Removed, spans.Declaration("event", released.Name), version, "case", row.Case, "");
            }
        }
    }

    private void Compare(string @event, EventRowModel released, EventRowModel now)
    {
        for (int index = 0; index < released.Cells.Count; index++)
        {
            if (index >= now.Cells.Count || !IsSame(released.Cells[index], now.Cells[index]))
            {
                problems.Report(
                    Rules.LineChanged, spans.Cell(@event, released.Case, index), version, Wire.Usage(@event, released));
                return;
            }
        }
    }

    private bool IsSame(CellModel released, CellModel now)
    {
        bool isSame = released.Shape == now.Shape && released.Elements.Count == now.Elements.Count;
        for (int index = 0; isSame && index < released.Elements.Count; index++)
        {
            ElementModel was = released.Elements[index];
            ElementModel @is = now.Elements[index];
            isSame = types.Writes(was.Type, @is.Type)
                && (was.Type == null ? was.Text == @is.Text : was.Text == "rest" == (@is.Text == "rest"));
        }

        return isSame;
    }
}
