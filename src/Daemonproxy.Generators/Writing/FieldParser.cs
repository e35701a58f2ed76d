using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>Writes the statements that take one field of a line, check it, and leave its value in variables.</summary>
internal sealed class FieldParser
{
    private readonly SourceWriter _writer;
    private readonly FieldModel _field;
    private readonly FieldCSharp _names;
    private readonly FieldConditions _conditions;
    private readonly string _span;
    private readonly bool _isTaken;
    private readonly bool _isThere;

    /// <param name="writer">Where to.</param>
    /// <param name="field">The field.</param>
    /// <param name="span">A variable that has the bytes already, or null to take them from the line.</param>
    /// <param name="isThere">True if the field is known to be there, because fields were counted.</param>
    /// <param name="command">The command that has the field; empty for an option.</param>
    public FieldParser(SourceWriter writer, FieldModel field, string? span, bool isThere, string command = "")
    {
        _writer = writer;
        _field = field;
        _names = new FieldCSharp(field, command);
        _isTaken = span != null;
        _isThere = isThere;
        _span = span ?? Identifiers.Beside(_names.Local, "field");
        _conditions = new FieldConditions(writer, field, _span);
        Value = _names.Local;
    }

    /// <summary>The expression that has the value.</summary>
    public string Value { get; private set; }

    public void Write()
    {
        if (_isTaken && _field.Type is { Kind: ValueKind.Text } && _field.Literals.Count == 0)
        {
            Value = _span;
            return;
        }

        _writer.Gap();
        _writer.Line("// " + _field.Notation);
        switch (_field.Mark)
        {
            case FieldMark.Rest:
                _writer.Line($"{Bytes} " + _names.Local + " = fields.TakeRest();");
                break;
            case FieldMark.List:
                WriteList();
                break;
            case FieldMark.Optional:
                WriteOptional();
                break;
            default:
                WriteRequired();
                break;
        }
    }

    private void WriteRequired()
    {
        Take();
        _conditions.WriteLiterals(declare: true);
        if (_field.Type == null)
        {
            _conditions.WriteOnlyLiterals();
            return;
        }

        var checks = new FieldChecks(_field, _span, _names.Local, declaresInside: _field.Literals.Count == 0);
        _conditions.Declare(checks);
        _conditions.WriteChecks(checks.Checks);
        Value = checks.Value;
    }

    private void Take()
    {
        bool isEmptyAnswered = false;
        if (!_isTaken && _isThere)
        {
            _writer.Line($"fields.TryNext(out {Bytes} " + _span + ");");
        }
        else if (!_isTaken)
        {
            isEmptyAnswered = _conditions.AnswersEmpty && _field.Errors.Empty == _field.Errors.Missing;
            _writer.If(
                $"!fields.TryNext(out {Bytes} " + _span + ")"
                + (isEmptyAnswered ? " || " + _span + ".IsEmpty" : ""),
                "return " + FieldChecks.Error(_field.Errors.Missing, "default") + ";");
            _writer.Gap();
        }

        if (!isEmptyAnswered)
        {
            _conditions.WriteEmpty();
        }
    }

    // Before the line is known to go on, the variables say that the field is absent.
    private void WriteOptional()
    {
        if (!_isTaken && _field.When == null && _field.Type is { Kind: ValueKind.Text } && _field.Literals.Count == 0)
        {
            _writer.Line(
                $"{FieldState} {Identifiers.Beside(_names.Local, "state")} = "
                + $"fields.TryNext(out {Bytes} " + _names.Local + $") ? {FieldState}.Given : {FieldState}.Absent;");
            return;
        }

        bool hasState = _field.Type == null || _names.IsRefStruct;
        string state = hasState ? Identifiers.Beside(_names.Local, "state") : _names.Local;
        if (hasState)
        {
            _writer.Line($"{FieldState} " + state + $" = {FieldState}.Absent;");
        }

        if (_names.ValueType is { } type)
        {
            string declared = hasState || _field.Default != null ? type : $"{Optional}<" + type + ">";
            _writer.Line(declared + " " + _names.Local + " = " + (_names.Default ?? "default") + ";");
        }

        foreach (string literal in _field.Literals)
        {
            _writer.Line("bool " + _names.LiteralLocal(literal) + " = false;");
        }

        if (_field.When is { } when)
        {
            _writer.Open("if (" + Condition(when) + ")");
            Take();
        }
        else
        {
            _writer.Open($"if (fields.TryNext(out {Bytes} " + _span + "))");
        }

        string given = WriteGiven(out string? value);
        if (_field.Default != null)
        {
            _writer.Line(_names.Local + " = " + value + ";");
        }
        else if (!hasState)
        {
            _writer.Line(_names.Local + $" = new {Optional}<" + _names.ValueType + ">(" + given + ", " + value + ");");
        }
        else
        {
            _writer.Line(state + " = " + given + ";");
            if (value != null)
            {
                _writer.Line(_names.Local + " = " + value + ";");
            }
        }

        _writer.Close();
    }

    // The earlier field has been read, and what it is is in its variables.
    private static string Condition(ConditionModel when) => when.Enum == null
        ? Identifiers.Beside(Identifiers.Local(when.Field), "is" + Identifiers.OfLiteral(when.Word))
        : Identifiers.Local(when.Field) + " == " + CSharp.TypeOf(new WireType(ValueKind.Enum, when.Enum)) + "."
            + Identifiers.Pascal(when.Word);

    // Checks an optional field that is there; what its state is then, and its value.
    private string WriteGiven(out string? value)
    {
        const string given = $"{FieldState}.Given";
        const string orMalformed = $" ? {FieldState}.Malformed : {FieldState}.Given";
        value = null;
        _conditions.WriteLiterals(declare: false);
        if (_field.Type == null)
        {
            if (_field.ToleratesMalformed)
            {
                return "!" + _conditions.AnyLiteral() + orMalformed;
            }

            _conditions.WriteOnlyLiterals();
            _writer.Gap();
            return given;
        }

        // Conditions that may be skipped leave what they declare without a value.
        string name = Identifiers.Beside(_names.Local, "value");
        var checks = new FieldChecks(_field, _span, name, declaresInside: _field.Literals.Count == 0);
        if (_field.ToleratesMalformed && checks.Checks.Count > 1)
        {
            checks = new FieldChecks(_field, _span, name, declaresInside: false);
        }

        value = checks.Value;
        _conditions.Declare(checks);
        if (_field.ToleratesMalformed && checks.Checks.Count > 0)
        {
            string isMalformed = Identifiers.Beside(_names.Local, "malformed");
            _writer.Line("bool " + isMalformed + " = " + _conditions.Any(checks.Checks) + ";");
            return isMalformed + orMalformed;
        }

        _conditions.WriteEmpty();
        _conditions.WriteChecks(checks.Checks);
        return given;
    }

    // An element that begins with a text: what is behind it is of a type.
    private void WritePrefixed(PrefixedModel prefixed, string element, int index)
    {
        string number = CSharp.Number(index + 1);
        string rest = Identifiers.Beside(_names.Local, "behind" + number);
        string value = Identifiers.Beside(_names.Local, "value" + number);
        FieldModel inner = _field with { Type = prefixed.Type, Errors = prefixed.Errors };
        _writer.Open($"if ({Spans}.StartsWith({element}, {CSharp.Utf8(prefixed.Prefix)}))");
        List<FieldCheck> checks = new FieldChecks(inner, rest, value, declaresInside: true).Checks;
        if (checks.Count > 0)
        {
            _writer.Line($"{Bytes} {rest} = {element}[{CSharp.Utf8(prefixed.Prefix)}.Length..];");
        }

        foreach (FieldCheck check in checks)
        {
            _writer.If(check.Condition, "return " + check.Error + ";");
            _writer.Gap();
        }

        _writer.Line("continue;");
        _writer.Close();
        _writer.Gap();
    }

    private void WriteList()
    {
        _writer.Line($"{FieldList} " + _names.Local + " = new(fields.TakeRest());");
        if (_names.ListType is { } list)
        {
            Value = $"new {list}({_names.Local}{(ListWriter.AsksLookup(_field) ? ", handlers.Lookup" : "")})";
        }

        string element = Identifiers.Beside(_names.Local, "element");
        var conditions = new FieldConditions(_writer, _field, element);
        List<FieldCheck> checks = _field.Type == null
            ? []
            : new FieldChecks(_field, element, Identifiers.Beside(_names.Local, "value"), declaresInside: true).Checks;
        if (checks.Count == 0 && _field.Type != null && _field.Prefixed.Count == 0)
        {
            return;
        }

        _writer.Open($"foreach ({Bytes} " + element + " in " + _names.Local + ")");
        if (_field.Literals.Count > 0)
        {
            _writer.If(conditions.AnyMatch(), "continue;");
            _writer.Gap();
        }

        for (int index = 0; index < _field.Prefixed.Count; index++)
        {
            WritePrefixed(_field.Prefixed[index], element, index);
        }

        foreach (FieldCheck check in checks)
        {
            _writer.If(check.Condition, "return " + check.Error + ";");
            _writer.Gap();
        }

        if (_field.Type == null)
        {
            _writer.Line("return " + FieldChecks.Error(_field.Errors.Malformed, element) + ";");
        }

        _writer.Close();
    }
}
