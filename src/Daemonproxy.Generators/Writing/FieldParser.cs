using System.Collections.Generic;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing;

/// <summary>Writes the statements that take one field of a line, check it, and leave its value in variables.</summary>
internal sealed class FieldParser
{
    private readonly SourceWriter _writer;
    private readonly FieldModel _field;
    private readonly FieldCSharp _names;
    private readonly string _span;
    private readonly bool _isThere;

    /// <param name="writer">Where to.</param>
    /// <param name="field">The field.</param>
    /// <param name="span">A variable that has the bytes already, or null to take them from the line.</param>
    /// <param name="isThere">Whether the field is known to be there, because fields were counted.</param>
    public FieldParser(SourceWriter writer, FieldModel field, string? span, bool isThere)
    {
        _writer = writer;
        _field = field;
        _names = new FieldCSharp(field);
        _isThere = isThere;
        _span = span ?? _names.Local + "Field";
        Value = _names.Local;
        IsTaken = span != null;
    }

    // Whether the bytes are in their variable already.
    private bool IsTaken { get; }

    // Whether an empty field has an error of its own; a quoted "" makes it a good one.
    private bool AnswersEmpty => _field.Errors.Empty != null && !_field.Literals.Contains("");

    /// <summary>The expression that has the value.</summary>
    public string Value { get; private set; }

    public void Write()
    {
        if (IsTaken && _field.Type is { Kind: ValueKind.Text } && _field.Literals.Count == 0)
        {
            Value = _span;
            return;
        }

        _writer.Gap();
        _writer.Line("// " + _field.Notation);
        switch (_field.Mark)
        {
            case FieldMark.Rest:
                _writer.Line("ReadOnlySpan<byte> " + _names.Local + " = fields.TakeRest();");
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
        string missing = FieldChecks.Error(_field.Errors.Missing, "default");
        bool isEmptyMissing = AnswersEmpty && _field.Errors.Empty == _field.Errors.Missing;
        if (IsTaken)
        {
            isEmptyMissing = false;
        }
        else if (_isThere)
        {
            _writer.Line("fields.TryNext(out ReadOnlySpan<byte> " + _span + ");");
            isEmptyMissing = false;
        }
        else
        {
            string orEmpty = isEmptyMissing ? " || " + _span + ".IsEmpty" : "";
            _writer.If("!fields.TryNext(out ReadOnlySpan<byte> " + _span + ")" + orEmpty, "return " + missing + ";");
            _writer.Gap();
        }

        if (!isEmptyMissing)
        {
            WriteEmpty();
        }

        WriteLiterals(declare: true);
        if (_field.Type == null)
        {
            WriteOnlyLiterals();
            return;
        }

        bool hasLiterals = _field.Literals.Count > 0;
        var checks = new FieldChecks(_field, _span, _names.Local, declaresInside: !hasLiterals);
        Declare(checks);
        WriteChecks(checks.Checks);
        Value = hasLiterals && checks.Value == _span ? _span : checks.Value;
    }

    private void WriteOptional()
    {
        bool hasState = _field.Type == null || _names.IsRefStruct;
        string state = hasState ? _names.Local + "State" : _names.Local;
        if (hasState)
        {
            _writer.Line("FieldState " + state + " = FieldState.Absent;");
        }

        if (_names.ValueType is { } type)
        {
            _writer.Line((hasState ? type : "Optional<" + type + ">") + " " + _names.Local + " = default;");
        }

        foreach (string literal in _field.Literals)
        {
            _writer.Line("bool " + _names.LiteralLocal(literal) + " = false;");
        }

        _writer.Open("if (fields.TryNext(out ReadOnlySpan<byte> " + _span + "))");
        WriteGiven(hasState, state);
        _writer.Close();
    }

    private void WriteGiven(bool hasState, string state)
    {
        WriteLiterals(declare: false);
        string given = "FieldState.Given";
        string? value = null;
        bool isGapWanted = true;
        if (_field.Type == null)
        {
            if (_field.ToleratesMalformed)
            {
                given = "!" + AnyLiteral() + " ? FieldState.Malformed : FieldState.Given";
            }
            else
            {
                WriteOnlyLiterals();
            }
        }
        else
        {
            // Conditions that may be skipped leave what they declare without a value.
            bool skips = _field.Literals.Count > 0 || (_field.ToleratesMalformed && _field.Type.HasRange);
            var checks = new FieldChecks(_field, _span, _names.Local + "Value", declaresInside: !skips);
            Declare(checks);
            value = checks.Value;
            if (_field.ToleratesMalformed && checks.Checks.Count > 0)
            {
                string isBad = _names.Local + "IsMalformed";
                _writer.Line("bool " + isBad + " = " + Any(checks.Checks) + ";");
                isGapWanted = false;
                given = isBad + " ? FieldState.Malformed : FieldState.Given";
            }
            else
            {
                WriteEmpty();
                WriteChecks(checks.Checks);
            }
        }

        if (isGapWanted)
        {
            _writer.Gap();
        }

        if (hasState)
        {
            _writer.Line(state + " = " + given + ";");
            if (value != null)
            {
                _writer.Line(_names.Local + " = " + value + ";");
            }
        }
        else
        {
            _writer.Line(_names.Local + " = new Optional<" + _names.ValueType + ">(" + given + ", " + value + ");");
        }
    }

    private void WriteList()
    {
        _writer.Line("FieldList " + _names.Local + " = new(fields.TakeRest());");
        string element = _names.Local + "Element";
        List<FieldCheck> checks = _field.Type == null
            ? [new FieldCheck("", FieldChecks.Error(_field.Errors.Malformed, element))]
            : new FieldChecks(_field, element, _names.Local + "Value", declaresInside: true).Checks;
        if (checks.Count == 0)
        {
            return;
        }

        _writer.Open("foreach (ReadOnlySpan<byte> " + element + " in " + _names.Local + ")");
        if (_field.Literals.Count > 0)
        {
            _writer.If(string.Join(" || ", Matches(element)), "continue;");
            _writer.Gap();
        }

        foreach (FieldCheck check in checks)
        {
            if (check.Condition.Length == 0)
            {
                _writer.Line("return " + check.Error + ";");
            }
            else
            {
                _writer.Gap();
                _writer.If(check.Condition, "return " + check.Error + ";");
            }
        }

        _writer.Close();
    }

    private void WriteEmpty()
    {
        if (AnswersEmpty && _field.Errors.Empty != _field.Errors.Malformed)
        {
            _writer.If(_span + ".IsEmpty", "return " + FieldChecks.Error(_field.Errors.Empty, _span) + ";");
            _writer.Gap();
        }
    }

    private void WriteLiterals(bool declare)
    {
        foreach (string literal in _field.Literals)
        {
            _writer.Line(
                (declare ? "bool " : "") + _names.LiteralLocal(literal) + " = "
                + _span + ".SequenceEqual(" + CSharp.Utf8(literal) + ");");
        }
    }

    private void WriteOnlyLiterals() =>
        _writer.If("!" + AnyLiteral(), "return " + FieldChecks.Error(_field.Errors.Malformed, _span) + ";");

    private void Declare(FieldChecks checks)
    {
        foreach ((string type, string name) in checks.Variables)
        {
            _writer.Line(type + " " + name + " = default;");
        }
    }

    private void WriteChecks(List<FieldCheck> checks)
    {
        bool hasLiterals = _field.Literals.Count > 0;
        if (hasLiterals && checks.Count > 1)
        {
            _writer.Open("if (!" + AnyLiteral() + ")");
        }

        foreach (FieldCheck check in checks)
        {
            string condition = hasLiterals && checks.Count == 1
                ? "!" + AnyLiteral() + " && " + Grouped(check.Condition)
                : check.Condition;
            _writer.If(condition, "return " + check.Error + ";");
            _writer.Gap();
        }

        if (hasLiterals && checks.Count > 1)
        {
            _writer.Close();
        }
    }

    private string Any(List<FieldCheck> checks)
    {
        string any = string.Join(" || ", checks.ConvertAll(check => Grouped(check.Condition)));
        return _field.Literals.Count == 0 ? any
            : "!" + AnyLiteral() + " && " + (checks.Count > 1 ? "(" + any + ")" : any);
    }

    private string AnyLiteral()
    {
        var literals = new List<string>();
        foreach (string literal in _field.Literals)
        {
            literals.Add(_names.LiteralLocal(literal));
        }

        return literals.Count == 1 ? literals[0] : "(" + string.Join(" || ", literals) + ")";
    }

    private List<string> Matches(string element)
    {
        var matches = new List<string>();
        foreach (string literal in _field.Literals)
        {
            matches.Add(element + ".SequenceEqual(" + CSharp.Utf8(literal) + ")");
        }

        return matches;
    }

    private static string Grouped(string condition) =>
        condition.Contains(" && ") || condition.Contains(" or ") ? "(" + condition + ")" : condition;
}
