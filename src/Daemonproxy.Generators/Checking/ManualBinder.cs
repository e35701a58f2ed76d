using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Makes the model of what only documents print. The other binders have checked all of it.</summary>
internal sealed class ManualBinder(Scope scope)
{
    public ManualModel Bind()
    {
        var types = new List<DeclaredTypeModel>();
        foreach (TypeSyntax type in scope.Of<TypeSyntax>())
        {
            types.Add(Bind(type));
        }

        var events = new List<EventTableModel>();
        foreach (EventSyntax @event in scope.Of<EventSyntax>())
        {
            events.Add(Bind(@event));
        }

        return new ManualModel(
            scope.Protocol?.Name.Text ?? "",
            scope.Protocol?.Version ?? 0,
            new EquatableArray<SectionModel>(Sections()),
            new EquatableArray<DeclaredTypeModel>(types),
            new EquatableArray<EventTableModel>(events));
    }

    // Those with commands; what comes before the first has no name.
    private List<SectionModel> Sections()
    {
        var sections = new List<SectionModel>();
        string name = "";
        var commands = new List<string>();
        foreach (DeclarationSyntax declaration in scope.Declarations)
        {
            if (declaration is SectionSyntax section)
            {
                End();
                name = section.Name.Text;
            }
            else if (declaration is CommandSyntax command)
            {
                commands.Add(command.Name.Text);
            }
        }

        End();
        return sections;

        void End()
        {
            if (commands.Count > 0)
            {
                sections.Add(new SectionModel(name, new EquatableArray<string>(commands)));
                commands.Clear();
            }
        }
    }

    private DeclaredTypeModel Bind(TypeSyntax type)
    {
        TypeOptionSyntax? range = type.Base.Options.Count > 0 ? type.Base.Options[0] : null;
        return new DeclaredTypeModel(
            type.Name.Text,
            type.Base.Token.Text,
            range == null ? null : scope.FindNumber(range.First),
            range?.Last is { } last ? scope.FindNumber(last) : null,
            new EquatableArray<string>(type.Members.ConvertAll(member => member.Name.Text)));
    }

    private EventTableModel Bind(EventSyntax @event)
    {
        var rows = new List<EventRowModel>();
        foreach ((Token name, List<CellSyntax> cells) in @event.Rows)
        {
            rows.Add(new EventRowModel(name.Text, Cells(@event, cells)));
        }

        if (@event.Cases == null)
        {
            rows.Add(new EventRowModel(null, new EquatableArray<CellModel>(@event.Fields.ConvertAll(
                field => new CellModel(field.Name.Text, CellShape.OneOf, Elements(field.Alternatives))
                {
                    Lifecycle = LifecycleBinder.Of(field.Lifecycle),
                }))));
        }

        return new EventTableModel(
            @event.Name.Text,
            new EquatableArray<EventRowModel>(rows),
            LifecycleBinder.Of(@event.Lifecycle));
    }

    private EquatableArray<CellModel> Cells(EventSyntax @event, List<CellSyntax> cells)
    {
        var bound = new List<CellModel>();
        for (int index = 0; index < cells.Count && index < @event.Headings.Count; index++)
        {
            CellShape shape = cells[index].Kind switch
            {
                CellKind.Sequence => CellShape.Sequence,
                CellKind.Dash => CellShape.Dash,
                CellKind.List => CellShape.List,
                _ => CellShape.OneOf,
            };
            bound.Add(new CellModel(@event.Headings[index].Text, shape, Elements(cells[index].Elements)));
        }

        return new EquatableArray<CellModel>(bound);
    }

    private EquatableArray<ElementModel> Elements(List<ElementSyntax> elements) =>
        new(elements.ConvertAll(element => new ElementModel(
            element.IsLiteral ? element.Token.Text : element.ToString(), element.IsLiteral ? null : Find(element))));

    private WireType? Find(ElementSyntax element)
    {
        string name = element.Token.Text;
        if (name == "set" && element.Options.Count > 0)
        {
            string set = element.Options[0].First.Text;
            bool hasValues = scope.Sets.TryGetValue(set, out SetSyntax? declared)
                && declared.Words.Exists(word => word.Value != null);
            return new WireType(hasValues ? ValueKind.ValuedSet : ValueKind.Set, set);
        }

        if (BaseTypes.All.TryGetValue(name, out (ValueKind Kind, Places Places) found))
        {
            return WireType.Of(found.Kind);
        }

        scope.Types.TryGetValue(name, out DeclarationSyntax? declaration);
        return declaration switch
        {
            EnumSyntax => new WireType(ValueKind.Enum, name),
            TypeSyntax { Base.Token.Text: "name" } => new WireType(ValueKind.Name, name),
            TypeSyntax { Base.Token.Text: "seconds" } => new WireType(ValueKind.Seconds, name),
            _ => new WireType(ValueKind.Integer, name),
        };
    }
}
