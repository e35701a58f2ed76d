using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Compatibility;

/// <summary>
/// Finds names that are not on the wire, but in the API of the C# client: of fields, types, enums, sets and errors.
/// </summary>
internal sealed class NameComparison(
    SpecModel was, SpecModel @is, string version, ProblemBag problems, SpecSpans spans)
{
    public void Check()
    {
        foreach (CommandModel old in was.Commands)
        {
            CommandModel? now = @is.Commands.FirstOrDefault(command => command.Name == old.Name);
            for (int index = 0; now != null && index < Math.Min(old.Fields.Count, now.Fields.Count); index++)
            {
                CheckField(old.Fields[index].Name, now.Fields[index].Name, spans.Field("command", old.Name, index));
            }
        }

        foreach (EventTableModel old in was.Manual.Events)
        {
            CheckEvent(old);
        }

        CheckDeclared("type", was.Names.Select(name => name.Name), @is.Names.Select(name => name.Name));
        CheckDeclared("enum", was.Enums.Select(one => one.Name), @is.Enums.Select(one => one.Name));
        CheckDeclared("set", was.Sets.Select(set => set.Name), @is.Sets.Select(set => set.Name));
        CheckDeclared("error", Errors(was), Errors(@is));
        CheckNumbers();
    }

    // Cells without a value are no properties.
    private void CheckEvent(EventTableModel old)
    {
        EventTableModel? now = @is.Manual.Events.FirstOrDefault(@event => @event.Name == old.Name);
        var reported = new HashSet<string>();
        foreach (EventRowModel row in old.Rows)
        {
            EventRowModel? same = now?.Rows.FirstOrDefault(other => other.Case == row.Case);
            for (int index = 0; same != null && index < Math.Min(row.Cells.Count, same.Cells.Count); index++)
            {
                bool hasValue = row.Cells[index].Shape == CellShape.List
                    || row.Cells[index].Elements.Any(element => element.Type != null);
                if (hasValue && reported.Add(row.Cells[index].Field))
                {
                    CheckField(
                        row.Cells[index].Field, same.Cells[index].Field, spans.Cell(old.Name, row.Case, index));
                }
            }
        }
    }

    // Those behind the first that moved have moved with it.
    private void CheckNumbers()
    {
        foreach (ErrorModel old in was.Errors)
        {
            if (@is.Errors.FirstOrDefault(error => error.Name == old.Name) is { } now && now.Number != old.Number)
            {
                int free = @is.Errors.Max(error => error.Number) + 1;
                problems.Report(
                    Rules.Renumbered, spans.Error(old.Name), version, old.Name, Text(old.Number), Text(now.Number),
                    Text(free));
                return;
            }
        }

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private void CheckField(string old, string now, TextSpan span)
    {
        if (old != now)
        {
            problems.Report(Rules.Renamed, span, version, "field", old);
        }
    }

    // Those of types go with their types.
    private static IEnumerable<string> Errors(SpecModel spec) =>
        spec.Errors.Select(error => error.Name).Where(name => !name.Contains('.'));

    // One of the new names is probably the new one.
    private void CheckDeclared(string keyword, IEnumerable<string> old, IEnumerable<string> now)
    {
        var names = new HashSet<string>(now);
        var added = names.Except(old).ToList();
        foreach (string name in old)
        {
            if (!names.Contains(name))
            {
                string? renamed = Suggestion.Nearest(name, added) ?? (added.Count == 1 ? added[0] : null);
                TextSpan span = renamed == null ? spans.Protocol : spans.Declaration(keyword, renamed);
                problems.Report(Rules.Renamed, span, version, keyword, name);
            }
        }
    }
}
