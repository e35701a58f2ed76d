using System.Collections.Generic;
using System.Globalization;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Checking;

/// <summary>Checks the events and makes their models: each line becomes a sequence of pieces to be written.</summary>
internal sealed class EventBinder(Scope scope, TypeLookup types, Sizes sizes)
{
    private readonly UniqueIdentifiers _identifiers = new(scope.Problems, "event", "events");

    public List<EventModel> Bind()
    {
        var events = new List<EventModel>();
        foreach (EventSyntax @event in scope.Of<EventSyntax>())
        {
            events.Add(new EventModel(
                @event.Name.Text,
                new EquatableArray<EventLineModel>(@event.Cases != null ? BindTable(@event) : [BindPlain(@event)]),
                LifecycleBinder.Bind(scope, @event.Lifecycle)));
        }

        return events;
    }

    private EventLineModel BindPlain(EventSyntax @event)
    {
        if (@event.Name.Text == "raw")
        {
            if (@event.Fields.Count > 0)
            {
                scope.Problems.Report(Rules.RawHasNoFields, @event.Fields[0].Name.Span);
            }

            var raw = new PieceBuilder("", sizes, @event.Name.Span);
            raw.Value("text", WireType.Of(ValueKind.Text));
            return Finish(@event, null, raw, "text");
        }

        var names = new UniqueNames(scope.Problems, "field");
        var line = new PieceBuilder(@event.Name.Text, sizes, @event.Name.Span);
        var cells = new CellBinder(scope, types, line);
        string notation = @event.Name.Text;
        for (int index = 0; index < @event.Fields.Count; index++)
        {
            FieldSyntax field = @event.Fields[index];
            names.Add(field.Name);
            CheckClauses(field);
            LifecycleBinder.Bind(scope, field.Lifecycle);
            if (field.IsRest && index < @event.Fields.Count - 1)
            {
                scope.Problems.Report(Rules.RestMustBeLast, field.Name.Span, "rest");
            }

            TextSpan span = field.Alternatives[0].Span;
            PrefixBinder.Refuse(scope, field);
            cells.Bind(new CellSyntax(CellKind.Alternatives, field.Alternatives, span), field.Name.Text);
            notation += " " + field.Name.Text.ToUpperInvariant();
        }

        return Finish(@event, null, line, notation);
    }

    private List<EventLineModel> BindTable(EventSyntax @event)
    {
        var headings = new UniqueNames(scope.Problems, "heading");
        @event.Headings.ForEach(headings.Add);
        if (@event.Rows.Count == 0 && !@event.IsBroken)
        {
            scope.Problems.Report(Rules.Empty, @event.Cases!.Value.Span, "cases", "a case");
        }

        var lines = new List<EventLineModel>();
        // What is said of the event stands above the table; below, it would silently be a case.
        var names = new UniqueNames(scope.Problems, "case", "since", "deprecated");
        foreach ((Token name, List<CellSyntax> cells) in @event.Rows)
        {
            names.Add(name);
            lines.Add(BindRow(@event, name, cells));
        }

        return lines;
    }

    private EventLineModel BindRow(EventSyntax @event, Token name, List<CellSyntax> cells)
    {
        var line = new PieceBuilder(@event.Name.Text, sizes, name.Span);
        var binder = new CellBinder(scope, types, line);
        string notation = @event.Name.Text;
        for (int index = 0; index < cells.Count; index++)
        {
            CellSyntax cell = cells[index];
            if (index >= @event.Headings.Count)
            {
                if (!@event.IsBroken)
                {
                    scope.Problems.Report(Rules.TooManyCells, cell.Span, cell.ToString());
                }

                break;
            }

            bool isRest = cell.Kind == CellKind.List || cell.Elements.Exists(element => element.IsRest);
            if (isRest && index < cells.Count - 1)
            {
                scope.Problems.Report(Rules.RestMustBeLast, cell.Span, "rest");
            }

            string heading = @event.Headings[index].Text;
            binder.Bind(cell, heading);
            notation += " " + Notation(cell, heading);
        }

        return Finish(@event, name, line, notation);
    }

    private EventLineModel Finish(EventSyntax @event, Token? name, PieceBuilder line, string notation)
    {
        List<EventPiece> pieces = line.Finish();
        TextSpan span = name?.Span ?? @event.Name.Span;
        string full = name == null ? @event.Name.Text : @event.Name.Text + "." + name.Value.Text;
        string distinct = name == null ? full : @event.Name.Text + ", case " + name.Value.Text;
        string identifier = Identifiers.Pascal(full);
        _identifiers.Add(distinct, identifier, span, also: "Longest" + identifier);
        if (scope.Limits.TryGetValue("outbox", out LimitSyntax? outbox) && line.Longest > outbox.Value)
        {
            scope.Problems.Report(
                Rules.EventTooLong, span, full, line.Longest.ToString(CultureInfo.InvariantCulture),
                outbox.Value.ToString(CultureInfo.InvariantCulture));
        }

        return new EventLineModel(
            @event.Name.Text, name?.Text, notation, new EquatableArray<EventPiece>(pieces), line.Longest);
    }

    private void CheckClauses(FieldSyntax field)
    {
        if (field.Mark is { } mark)
        {
            scope.Problems.Report(Rules.MarkNotHere, mark.Span, mark.Text, "an event, which has cases for that");
        }

        if (field.When is { } when)
        {
            scope.Problems.Report(
                Rules.ClauseNotHere, when.Field.Span, "when", "an event has cases for that");
        }

        if ((field.Else ?? field.Missing ?? field.Shown ?? field.Default) is { } clause)
        {
            string keyword = field.Else != null ? "else" : field.Missing != null ? "missing"
                : field.Shown != null ? "shown" : "default";
            scope.Problems.Report(Rules.ClauseNotHere, clause.Span, keyword, "an event has nothing to answer");
        }
    }

    private static string Notation(CellSyntax cell, string heading) => cell switch
    {
        { Kind: CellKind.Dash } => "-",
        { Kind: CellKind.List } => heading.ToUpperInvariant() + "...",
        { Elements.Count: 1 } when cell.Elements[0].IsLiteral => cell.Elements[0].Token.Text,
        { Kind: CellKind.Sequence } => string.Join(",", cell.Elements.ConvertAll(
            element => element.IsLiteral ? element.Token.Text : heading.ToUpperInvariant())),
        _ => heading.ToUpperInvariant(),
    };
}
