using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Checks the fields of commands and options and makes their models.</summary>
internal sealed class FieldBinder(Scope scope, TypeLookup types, ErrorLookup errors)
{
    // What every C# object has already.
    private static readonly string[] _reserved = ["equals", "get-hash-code", "get-type", "to-string"];
    private readonly ArgumentBinder _arguments = new(scope, types);
    private readonly FieldErrorBinder _errors = new(scope, errors, types);
    private readonly PrefixBinder _prefixes = new(scope, types, errors);

    /// <summary>The fields of a declaration, in order.</summary>
    public EquatableArray<FieldModel> Bind(FieldsSyntax declaration, Places place, bool isRestricted = false)
    {
        var fields = new List<FieldModel>();
        var names = new UniqueNames(scope.Problems, "field", _reserved);
        var properties = new UniqueProperties(scope.Problems, declaration);
        foreach (FieldSyntax field in declaration.Fields)
        {
            names.Add(field.Name);
            FieldModel model = Bind(field, place, isRestricted);
            if (field.When is { } when)
            {
                model = model with { When = Condition(when.Field, when.Word, fields, place) };
            }

            properties.Add(model, field.Name);
            fields.Add(model);
        }

        CheckOrder(declaration.Fields);
        return new EquatableArray<FieldModel>(fields);
    }

    private FieldModel Bind(FieldSyntax field, Places place, bool isRestricted)
    {
        FieldMark mark = field.IsRest ? FieldMark.Rest
            : field.IsList ? FieldMark.List
            : field.IsOptional || field.When != null ? FieldMark.Optional
            : FieldMark.Required;
        CheckClauses(field, place);
        List<string> literals = Literals(field, out ElementSyntax? element, out bool isSound);
        List<PrefixedModel> prefixed = _prefixes.Bind(field, place, isRestricted, ref isSound);
        ArgumentModel? type = element == null ? null : _arguments.Bind(element, place);
        bool tolerates = field.Else?.Text == "none";
        bool isKnown = isSound && (type != null || element == null);
        return new FieldModel(
            field.Name.Text,
            field.Notation,
            mark,
            new EquatableArray<string>(literals),
            type,
            isKnown ? _errors.Bind(field, element, type, place, isRestricted) : new FieldErrors(),
            tolerates)
        {
            IsBroken = !isKnown,
            Prefixed = new EquatableArray<PrefixedModel>(prefixed),
            Default = Default(field, type, place),
            Lifecycle = LifecycleBinder.Bind(scope, field.Lifecycle),
        };
    }

    // What the field depends on is a required field before it, with a quoted word or a type that is an enum.
    private ConditionModel? Condition(Token name, Token word, List<FieldModel> before, Places place)
    {
        if (place != Places.Command)
        {
            scope.Problems.Report(Rules.ClauseNotHere, name.Span, "when", "only a command has fields before it");
            return null;
        }

        FieldModel? field = before.Find(other => other.Name == name.Text && other.Mark == FieldMark.Required);
        if (field != null && field.Literals.Contains(word.Text))
        {
            return new ConditionModel(name.Text, word.Text, null);
        }

        if (field is { Type: { Kind: ValueKind.Enum } type, Literals.Count: 0 }
            && scope.Types.TryGetValue(type.Value.Declaration, out DeclarationSyntax? declared)
            && declared is EnumSyntax @enum && @enum.Words.Exists(one => one.Name.Text == word.Text))
        {
            return new ConditionModel(name.Text, word.Text, type.Value.Declaration);
        }

        scope.Problems.Report(Rules.UnknownCondition, name.Span, name.Text, word.Text);
        return null;
    }

    // Of a number that need not be there; what the handler gets then.
    private long? Default(FieldSyntax field, ArgumentModel? type, Places place)
    {
        if (field.Default is not { } token || type == null)
        {
            return null;
        }

        bool mayBeAbsent = place == Places.Option || (field.IsOptional && field.Else?.Text != "none");
        if (!mayBeAbsent || type.Kind is not (ValueKind.Integer or ValueKind.Seconds))
        {
            scope.Problems.Report(
                Rules.ClauseNotHere, token.Span, "default", "only a number that may be left out has one");
            return null;
        }

        long? number = scope.Number(token);
        if (number < type.Least || number > type.Most)
        {
            scope.Problems.Report(Rules.DefaultNeeded, token.Span, "\"" + field.Name.Text + "\"");
        }

        return number;
    }

    // The quoted alternatives, and the one that is a type.
    private List<string> Literals(FieldSyntax field, out ElementSyntax? type, out bool isSound)
    {
        var literals = new List<string>();
        type = null;
        isSound = true;
        foreach (ElementSyntax element in field.Alternatives.FindAll(one => one.Prefix == null))
        {
            if (element.IsLiteral)
            {
                if (literals.Contains(element.Token.Text))
                {
                    scope.Problems.Report(Rules.DuplicateMember, element.Span, element.Token.Text);
                }

                literals.Add(element.Token.Text);
            }
            else if (element.IsRest && field.Alternatives.Count > 1)
            {
                isSound = false;
                scope.Problems.Report(Rules.RestAlone, element.Span);
            }
            else if (type == null)
            {
                type = element;
            }
            else
            {
                isSound = false;
                scope.Problems.Report(Rules.NotSupported, element.Span, "a second type among alternatives");
            }
        }

        return literals;
    }

    private void CheckClauses(FieldSyntax field, Places place)
    {
        if (field is { IsRest: true, Mark: { } mark })
        {
            scope.Problems.Report(Rules.MarkNotHere, mark.Span, mark.Text, "the rest of a line");
        }
        else if (place == Places.Option && field.Mark is { } optionMark)
        {
            scope.Problems.Report(Rules.MarkNotHere, optionMark.Span, optionMark.Text, "the value of an option");
        }

        if (field.Shown is { } shown && place != Places.Option)
        {
            scope.Problems.Report(Rules.ClauseNotHere, shown.Span, "shown", "only the value of an option is shown");
        }

        if (field.When is { } when && (field.Mark != null || field.IsRest || field.Default != null))
        {
            scope.Problems.Report(
                Rules.ClauseNotHere, when.Field.Span, "when", "the field may be left out already");
        }

        bool isRequired = field.Mark == null && !field.IsRest && place == Places.Command;
        if (field.Missing is { } missing && !isRequired)
        {
            scope.Problems.Report(
                Rules.ClauseNotHere, missing.Span, "missing", "only a required field of a command is missed");
        }

        if (field.Else is { Text: "none" } tolerant && !field.IsOptional)
        {
            scope.Problems.Report(
                Rules.ClauseNotHere, tolerant.Span, "else none", "only an optional field may be malformed");
        }
    }

    private void CheckOrder(List<FieldSyntax> fields)
    {
        FieldSyntax? optional = null;
        for (int index = 0; index < fields.Count; index++)
        {
            FieldSyntax field = fields[index];
            if ((field.IsRest || field.IsList) && index < fields.Count - 1)
            {
                scope.Problems.Report(Rules.RestMustBeLast, field.Name.Span, field.IsRest ? "rest" : "list");
            }

            if (optional != null && field.Mark == null && field.When == null && !field.IsRest)
            {
                scope.Problems.Report(
                    Rules.RequiredAfterOptional, field.Name.Span, field.Name.Text, optional.Name.Text);
            }

            optional ??= field.IsOptional || field.When != null ? field : null;
        }
    }
}
