namespace Daemonproxy.Generators.Model;

/// <summary>
/// A spec in which every name is resolved and every rule holds: all that the writers need to know, and nothing of where
/// it stood in the file.
/// </summary>
internal sealed record SpecModel(
    EquatableArray<LimitModel> Limits,
    EquatableArray<NameTypeModel> Names,
    EquatableArray<EnumModel> Enums,
    EquatableArray<SetModel> Sets,
    EquatableArray<ErrorModel> Errors,
    EquatableArray<NoticeModel> Notices,
    EquatableArray<LogModel> Logs,
    EquatableArray<EventModel> Events,
    EquatableArray<CommandModel> Commands,
    EquatableArray<OptionModel> Options,
    SizesModel Sizes,
    ManualModel Manual,
    Documentation Docs)
{
    /// <summary>The sections that have commands; the commands above the first have one without a name.</summary>
    public EquatableArray<string> Sections { get; init; }

    /// <summary>True if the spec has problems, so that no handler is asked for.</summary>
    public bool IsDraft { get; init; }
}

/// <summary><c>limit line 4096</c>.</summary>
internal sealed record LimitModel(string Name, int Value);

/// <summary>The sizes that are computed from the whole spec, in bytes.</summary>
internal sealed record SizesModel(int LongestEvent, int LongestErrorText, int LongestUncutError, int LongestAnswer);

/// <summary><c>type service: name[1:31]</c>, and how the commands use it.</summary>
internal sealed record NameTypeModel(
    string Name, int Longest, bool IsReference, bool IsTarget, bool IsCreated, bool HasConstants)
{
    /// <summary>True if some senders may change only such things of this type as are their own.</summary>
    public bool IsChangedByRight { get; init; }

    /// <summary>True if some senders may make only such things of this type as are their own.</summary>
    public bool IsMadeByRight { get; init; }
}

/// <summary><c>enum log-level</c>.</summary>
internal sealed record EnumModel(string Name, EquatableArray<string> Words)
{
    /// <summary>The versions and deprecations of the words that have them.</summary>
    public EquatableArray<WordLifecycle> Lifecycles { get; init; }

    /// <summary>True if a word is deprecated.</summary>
    public bool HasDeprecated => System.Linq.Enumerable.Any(Lifecycles, word => word.Lifecycle.Deprecated != null);

    /// <summary>The version and the deprecation of a word.</summary>
    public LifecycleModel LifecycleOf(string word)
    {
        foreach (WordLifecycle one in Lifecycles)
        {
            if (one.Word == word)
            {
                return one.Lifecycle;
            }
        }

        return LifecycleModel.Unknown;
    }
}

/// <summary>The version and the deprecation of a word of an enum.</summary>
internal sealed record WordLifecycle(string Word, LifecycleModel Lifecycle);

/// <summary><c>set file-flag</c>.</summary>
internal sealed record SetModel(string Name, EquatableArray<SetWordModel> Words)
{
    /// <summary>True if any word has a value.</summary>
    public bool HasValues => Any(static word => word.Value != null);

    /// <summary>True if any word has a text as its value.</summary>
    public bool HasTexts => Any(static word => word.Value is { Kind: SetValueKind.Text });

    /// <summary>True if a word is deprecated.</summary>
    public bool HasDeprecated => Any(static word => word.Lifecycle.Deprecated != null);

    /// <summary>True if any word undoes others.</summary>
    public bool HasClears => Any(static word => word.Clears.Count > 0);

    private bool Any(System.Predicate<SetWordModel> condition)
    {
        foreach (SetWordModel word in Words)
        {
            if (condition(word))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A word of a set: a bit of its own, or, when it implies others and has no value, short for them.</summary>
internal sealed record SetWordModel(
    string Name, EquatableArray<string> Implies, EquatableArray<string> Clears, SetValueModel? Value)
{
    public bool IsAbbreviation => Implies.Count > 0 && Value == null;

    /// <summary>Its version and its deprecation.</summary>
    public LifecycleModel Lifecycle { get; init; } = LifecycleModel.Unknown;
}

/// <summary>The value behind a word of a set.</summary>
internal enum SetValueKind
{
    /// <summary><c>listen=5</c>.</summary>
    Integer,

    /// <summary><c>mode=0640</c>.</summary>
    Octal,

    /// <summary><c>owner=daemon</c>: any bytes but a comma.</summary>
    Text,
}

/// <summary>
/// The value behind a word of a set. The bounds are those of the number, or of the bytes of a text; without a default
/// the word needs a value.
/// </summary>
internal sealed record SetValueModel(SetValueKind Kind, long Least, long Most, long? Default, ErrorReference Error)
{
    /// <summary>The form of an octal number: a zero before the digits of the greatest one.</summary>
    public int OctalDigits => System.Convert.ToString(Most, 8).Length + 1;

    /// <summary>A bound or the default, as the spec and the manual write it.</summary>
    public string Notation(long number) => Kind == SetValueKind.Octal
        ? System.Convert.ToString(number, 8).PadLeft(OctalDigits, '0')
        : number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The most bytes of a value.</summary>
    public int LongestBytes => Kind switch
    {
        SetValueKind.Integer => LongestInteger,
        SetValueKind.Octal => OctalDigits,
        _ => (int)Most,
    };

    // -9223372036854775808
    private const int LongestInteger = 20;
}
