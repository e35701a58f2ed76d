using System.Collections.Generic;
using System.Linq;

namespace Daemonproxy.Generators.Model;

/// <summary>
/// A command, its fields, and what the manual says of it. <c>Extra</c> is the error of one that refuses further fields;
/// the number of fields is checked first, unless <c>ExtraIsLast</c> leaves that to the handler. <c>Takes</c> is the
/// error of one that takes a descriptor, when there is none.
/// </summary>
internal sealed record CommandModel(
    string Name,
    EquatableArray<FieldModel> Fields,
    string? Extra,
    bool ExtraIsLast,
    string? Takes,
    EquatableArray<string> Fails,
    EquatableArray<EmittedModel> Emits,
    EquatableArray<string> Streams,
    LifecycleModel Lifecycle,
    int LongestAnswer)
{
    /// <summary>The section of the spec that it stands in; empty above the first.</summary>
    public string Section { get; init; } = "";

    /// <summary>The right that its sender needs; null where the spec has no rights.</summary>
    public string? Needs { get; init; }

    /// <summary>True if the spec has problems, so that no handler is asked for.</summary>
    public bool IsDraft { get; init; }
}

/// <summary>The rights of senders, the least first, and which one each command needs.</summary>
internal sealed record RightsModel(string Enum, EquatableArray<string> Needs);

/// <summary>The class that has the handlers: of these sections, and of what the fields ask.</summary>
internal sealed record HandlersModel(EquatableArray<string> Sections, bool HasLookup, bool IsDraft);

/// <summary>The queries of the parser to the server: about names, signals and descriptors.</summary>
internal sealed record LookupModel(
    EquatableArray<NameTypeModel> Names, bool AsksSignals, bool TakesDescriptors);

/// <summary>Says that there are commands that take signals, nothing more.</summary>
internal sealed record SignalsModel;

/// <summary>An event that a command answers with, at most so many times.</summary>
internal sealed record EmittedModel(string Event, int Times);

/// <summary>The form of a field in the line.</summary>
internal enum FieldMark
{
    Required,
    Optional,
    List,
    Rest,
}

/// <summary>A field of a command or an option, with the errors that it answers with.</summary>
internal sealed record FieldModel(
    string Name,
    string Notation,
    FieldMark Mark,
    EquatableArray<string> Literals,
    ArgumentModel? Type,
    FieldErrors Errors,
    bool ToleratesMalformed)
{
    /// <summary>The types whose values begin with a text, which the parser tries after the quoted words.</summary>
    public EquatableArray<PrefixedModel> Prefixed { get; init; } = new([]);

    /// <summary>All types that it can be of.</summary>
    public IEnumerable<ArgumentModel> Types =>
        Prefixed.Select(prefixed => prefixed.Type).Concat(Type == null ? [] : [Type]);

    /// <summary>The number that counts when an optional field, or an option, is not there.</summary>
    public long? Default { get; init; }

    /// <summary>When it is there, and must be; null when that depends on nothing. Then it is optional.</summary>
    public ConditionModel? When { get; init; }

    /// <summary>Its version and its deprecation.</summary>
    public LifecycleModel Lifecycle { get; init; } = LifecycleModel.Unknown;

    /// <summary>True if its type is not known, which has been reported.</summary>
    public bool IsBroken { get; init; }
}

/// <summary>
/// An earlier field of the same command is this word: one of its quoted words, or, with an <c>Enum</c>, one of that.
/// </summary>
internal sealed record ConditionModel(string Field, string Word, string? Enum);

/// <summary>A type whose values begin with a text, and what is answered to a wrong one.</summary>
internal sealed record PrefixedModel(string Prefix, string Notation, ArgumentModel Type, FieldErrors Errors);

/// <summary>The use of the name in a field.</summary>
internal enum NameUse
{
    /// <summary>It must exist.</summary>
    Existing,

    /// <summary>It must exist and not be constant.</summary>
    Change,

    /// <summary>It is made if it does not exist, so there must be room.</summary>
    Create,

    /// <summary>It is made or replaced, so it must not be constant.</summary>
    Assign,

    /// <summary>It must have the form of a name, no more.</summary>
    Form,
}

/// <summary>The type of a field.</summary>
internal sealed record ArgumentModel(
    WireType Value, NameUse Use, long? Least, long? Most, bool MustBeCounted, PoolBounds? Pool = null)
{
    public ValueKind Kind => Value.Kind;

    public bool HasRange => Least != null || Most != null;
}

/// <summary>The bounds of a pool: the number of records, and the bytes of each.</summary>
internal sealed record PoolBounds(long LeastRecords, long MostRecords, long LeastBytes, long MostBytes);

/// <summary>The errors that a field can answer with; those that cannot happen are null.</summary>
internal sealed record FieldErrors
{
    /// <summary>The line ended before the field.</summary>
    public ErrorReference? Missing { get; init; }

    /// <summary>The field is there, and empty.</summary>
    public ErrorReference? Empty { get; init; }

    /// <summary>It has not the form of its type.</summary>
    public ErrorReference? Malformed { get; init; }

    /// <summary>It is a number outside its range.</summary>
    public ErrorReference? Range { get; init; }

    /// <summary>It names nothing that there is.</summary>
    public ErrorReference? Unknown { get; init; }

    /// <summary>It names what must not be changed.</summary>
    public ErrorReference? Constant { get; init; }

    /// <summary>It names something new, and there is no room.</summary>
    public ErrorReference? Full { get; init; }

    /// <summary>
    /// It names what the sender must not change. There is one only where a sender without the highest right may send
    /// the command; then <see cref="Unknown"/> is also the answer where the sender must not make a thing of this name.
    /// </summary>
    public ErrorReference? NotAllowed { get; init; }
}
