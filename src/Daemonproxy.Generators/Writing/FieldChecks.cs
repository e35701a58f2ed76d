using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>
/// The checks that read one field of a type, in order, and the expression that has its value afterwards. The variables
/// are declared within the conditions, or, when these may be skipped, before them.
/// </summary>
internal sealed class FieldChecks
{
    private readonly FieldModel _field;
    private readonly ArgumentModel _type;
    private readonly string _span;
    private readonly string _value;
    private readonly bool _declaresInside;
    private readonly bool _isElement;

    /// <param name="field">The field, which has a type.</param>
    /// <param name="span">The variable with the bytes.</param>
    /// <param name="value">The name of the variable with the value.</param>
    /// <param name="declaresInside">True if conditions may declare variables.</param>
    public FieldChecks(FieldModel field, string span, string value, bool declaresInside)
    {
        _field = field;
        _type = field.Type!;
        _span = span;
        _value = value;
        _declaresInside = declaresInside;
        _isElement = field.Mark == FieldMark.List;
        Value = value;
        AddAll();
    }

    public List<FieldCheck> Checks { get; } = [];

    /// <summary>Variables that must be declared first, when conditions do not.</summary>
    public List<(string Type, string Name, string Value)> Variables { get; } = [];

    /// <summary>The value, once all checks have passed.</summary>
    public string Value { get; private set; }

    private void AddAll()
    {
        switch (_type.Kind)
        {
            case ValueKind.Name:
                AddName();
                break;
            case ValueKind.Integer:
                AddNumber(_value);
                break;
            case ValueKind.Seconds:
                AddNumber(Beside("number"));
                Value = $"new {Seconds}(" + Beside("number") + ")";
                break;
            case ValueKind.Instant:
                Add($"!{ArgumentTypes}.TryInstant(" + _span + ", " + Last(Instant) + ")", _field.Errors.Malformed);
                break;
            case ValueKind.Pool:
                Add($"!{ArgumentTypes}.TryPool(" + _span + ", " + Last(Pool) + ")", _field.Errors.Malformed);
                break;
            case ValueKind.Signal:
                AddSignal();
                break;
            case ValueKind.ValuedSet:
                AddValuedSet();
                break;
            case ValueKind.Set:
                string set = CSharp.SetType(_type.Value.Declaration);
                string unknown = _field.Errors.Malformed is { TakesWord: true }
                    ? $"out {Bytes} " + Beside("unknown")
                    : "out _";
                AddWith(
                    $"!{CSharp.SetText(_type.Value.Declaration)}.TryParse({_span}, {Last(set)}, {unknown})",
                    Error(_field.Errors.Malformed, Beside("unknown")));
                break;
            case ValueKind.Enum:
                string name = CSharp.TypeOf(_type.Value);
                Add(
                    $"!{CSharp.EnumText(_type.Value.Declaration)}.TryParse({_span}, {Last(name)})",
                    _field.Errors.Malformed);
                break;
            default:
                Value = _span;
                break;
        }
    }

    private void AddName()
    {
        string declaration = _type.Value.Declaration;
        string type = Identifiers.Pascal(declaration);
        string indexType = CSharp.IndexType(declaration);
        bool isForm = _type.Use == NameUse.Form;
        string name = isForm ? _value : Beside("text");
        Add(
            $"!{InProtocol}{TypeIdentifiers.Name(declaration)}.TryParse("
            + $"{_span}, {(isForm ? Last(Name) : Out(Name, name))})",
            _field.Errors.Malformed);
        if (isForm)
        {
            return;
        }

        bool mustExist = _type.Use is NameUse.Existing or NameUse.Change;
        string index = mustExist ? _value : Beside("index");
        string find = "handlers.Lookup.TryFind" + type + "(" + name + ", "
            + (_type.Use == NameUse.Existing ? Last(indexType) : Out(indexType, index)) + ")";
        string constant = "handlers.Lookup.IsConstant" + type + "(" + index + ")";
        if (mustExist)
        {
            Add("!" + find, _field.Errors.Unknown);
        }
        else if (_field.Errors.NotAllowed != null)
        {
            // What a sender may do to a thing comes before whether there is room for it: that would tell of others.
            Add("!" + find + " && !handlers.Lookup.MayMake" + type + "(" + name + ")", _field.Errors.Unknown);
            find = "!" + index + ".IsNone";
        }

        if (_field.Errors.NotAllowed != null)
        {
            string exists = mustExist ? "" : find + " && ";
            Add(exists + "!handlers.Lookup.MayChange" + type + "(" + index + ")", _field.Errors.NotAllowed);
        }

        if (_type.Use == NameUse.Create)
        {
            string isNew = _field.Errors.NotAllowed == null ? "!" + find : index + ".IsNone";
            Add(isNew + " && !handlers.Lookup.HasRoomFor" + type, _field.Errors.Full);
        }
        else if (_field.Errors.Constant != null)
        {
            Add(mustExist ? constant : find + " && " + constant, _field.Errors.Constant);
        }

        Value = mustExist ? _value : "new " + CSharp.TargetType(declaration) + "(" + name + ", " + index + ")";
    }

    private void AddNumber(string number)
    {
        string value = _type.HasRange || !_isElement ? Out("long", number) : "out _";
        Add($"!{ArgumentTypes}.TryInteger(" + _span + ", " + value + ")", _field.Errors.Malformed);
        string? range = CSharp.OutOfRange(number, _type.Least, _type.Most);
        if (range != null)
        {
            Add(range, _field.Errors.Range);
        }
    }

    private void AddSignal()
    {
        string value = _type.MustBeCounted ? Out(Signal, _value) : Last(Signal);
        string malformed = Error(_field.Errors.Malformed, _span);
        string range = Error(_field.Errors.Range, _span);
        AddWith(
            $"!{SignalArgument}.TryParse(" + _span + ", " + value + ")",
            malformed == range
                ? malformed
                : $"{SignalArgument}.IsNumber(" + _span + ") ? " + range + " : " + malformed);
        if (_type.MustBeCounted)
        {
            AddWith("!handlers.Lookup.IsCounted(" + _value + ")", malformed);
        }
    }

    // Words that are unknown have the error of the field; values out of range that of the word.
    private void AddValuedSet()
    {
        string unknown = Beside("unknown");
        string bad = Beside("error");
        string error = Error(_field.Errors.Malformed, unknown);
        bool isReplaced = _field.ToleratesMalformed;
        bool tellsWord = _field.Errors.Malformed is { TakesWord: true };
        AddWith(
            "!" + CSharp.SetText(_type.Value.Declaration) + ".TryParse(" + _span + ", "
            + Last(CSharp.TypeOf(_type.Value)) + ", " + (tellsWord ? $"out {Bytes} " + unknown : "out _")
            + ", " + (isReplaced ? "out _" : $"out {CommandError} " + bad) + ")",
            isReplaced ? error : bad + ".IsNone ? " + error + " : " + bad);
    }

    // The value itself, which nobody needs of the elements of a list.
    private string Last(string type) => _isElement ? "out _" : Out(type, _value);

    private string Out(string type, string name)
    {
        if (_declaresInside)
        {
            return "out " + type + " " + name;
        }

        // What names something must not name the first one by default.
        Variables.Add((type, name, type == CSharp.IndexType(_type.Value.Declaration) ? type + ".None" : "default"));
        return "out " + name;
    }

    private string Beside(string what) => Identifiers.Beside(_value, what);

    private void Add(string condition, ErrorReference? error) => AddWith(condition, Error(error, _span));

    private void AddWith(string condition, string error) => Checks.Add(new FieldCheck(condition, error));

    /// <summary>The C# of an error that can contain the offending word.</summary>
    public static string Error(ErrorReference? error, string word) => error == null
        ? $"{CommandError}.None"
        : CSharp.Error(error.Name) + (error.TakesWord ? "(" + word + ")" : "");
}
