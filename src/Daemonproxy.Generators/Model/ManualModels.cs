namespace Daemonproxy.Generators.Model;

/// <summary>
/// The parts of a spec that only documents print: headings, and its own syntax. It is apart from the models that C# is
/// written from, so that it regenerates none of that.
/// </summary>
internal sealed record ManualModel(
    string Protocol,
    int Version,
    EquatableArray<SectionModel> Sections,
    EquatableArray<DeclaredTypeModel> Types,
    EquatableArray<EventTableModel> Events);

/// <summary><c>section services</c>, and the commands under it.</summary>
internal sealed record SectionModel(string Name, EquatableArray<string> Commands);

/// <summary><c>type service: name[1:31]</c>, and what its texts are for.</summary>
internal sealed record DeclaredTypeModel(
    string Name, string Base, long? Least, long? Most, EquatableArray<string> Texts);

/// <summary>The lines of an event, field by field; one without a case unless it has cases.</summary>
internal sealed record EventTableModel(string Name, EquatableArray<EventRowModel> Rows, LifecycleModel Lifecycle);

/// <summary>One line of an event.</summary>
internal sealed record EventRowModel(string? Case, EquatableArray<CellModel> Cells);

/// <summary>The content of one field of an event.</summary>
internal sealed record CellModel(string Field, CellShape Shape, EquatableArray<ElementModel> Elements)
{
    /// <summary>The version and the deprecation of the field.</summary>
    public LifecycleModel Lifecycle { get; init; } = LifecycleModel.Unknown;
}

/// <summary>The form of the elements of a cell.</summary>
internal enum CellShape
{
    /// <summary>One of them.</summary>
    OneOf,

    /// <summary>All of them, joined by commas.</summary>
    Sequence,

    /// <summary>None: the field is a dash.</summary>
    Dash,

    /// <summary>Any number of further fields.</summary>
    List,
}

/// <summary>A literal, when it has no type.</summary>
internal sealed record ElementModel(string Text, WireType? Type);
