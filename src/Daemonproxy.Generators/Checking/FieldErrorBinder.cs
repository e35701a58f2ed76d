using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Checking;

/// <summary>
/// Finds what a field answers with for each thing that can be wrong with it: what its clauses say, else what its
/// declared type says, else the error of the base type.
/// </summary>
internal sealed class FieldErrorBinder(Scope scope, ErrorLookup errors, TypeLookup types)
{
    public FieldErrors Bind(
        FieldSyntax field, ElementSyntax? element, ArgumentModel? type, Places place, bool isRestricted)
    {
        bool isTolerant = field.Else?.Text == "none";
        ErrorReference? instead = field.Else is { } named && !isTolerant
            ? errors.Reference(named, tellsWord: true)
            : null;
        CheckElse(field, element, type, isTolerant);
        FieldErrors found = type?.Kind switch
        {
            ValueKind.Name => OfName(type, instead, isRestricted ? element : null),
            ValueKind.Integer or ValueKind.Seconds => OfNumber(field, element!, type, instead, isTolerant),
            ValueKind.Signal => OfSignal(element!.Span, instead, isTolerant),
            ValueKind.Set => new FieldErrors
            {
                Malformed = instead ?? Default("unknown-flag", element!.Span, isTolerant, tellsWord: true),
            },
            ValueKind.ValuedSet => new FieldErrors
            {
                Malformed = instead ?? Default("unknown-flag", element!.Span, isTolerant, tellsWord: true),
            },
            ValueKind.Text => new FieldErrors(),
            _ => new FieldErrors { Malformed = instead },
        };
        return field.Mark != null || field.IsRest || place == Places.Option
            ? found
            : found with { Missing = Missing(field, element, type) };
    }

    private ErrorReference? Missing(FieldSyntax field, ElementSyntax? element, ArgumentModel? type)
    {
        if (field.Missing is { } named)
        {
            return errors.Reference(named, tellsWord: false);
        }

        TextSpan user = element?.Span ?? field.Name.Span;
        return type?.Kind switch
        {
            ValueKind.Name => errors.OfType(type.Value.Declaration, "missing"),
            ValueKind.Integer or ValueKind.Seconds => errors.WellKnown("expected-integer", user),
            ValueKind.Signal => errors.WellKnown("expected-signal", user),
            _ => errors.WellKnown("missing-argument", user),
        };
    }

    // What a sender must not see does not exist for it; what it must not change it is not allowed to.
    private FieldErrors OfName(ArgumentModel type, ErrorReference? instead, ElementSyntax? restricted)
    {
        string declaration = type.Value.Declaration;
        bool isChanged = restricted != null && type.Use is NameUse.Change or NameUse.Create or NameUse.Assign;
        FieldErrors found = new()
        {
            Empty = instead ?? errors.OfType(declaration, "missing"),
            Malformed = instead ?? errors.OfType(declaration, "invalid"),
            Unknown = Of("unknown", NameUse.Existing, NameUse.Change),
            Constant = Of("constant", NameUse.Change, NameUse.Assign),
            Full = Of("full", NameUse.Create, NameUse.Create),
        };
        return !isChanged ? found : found with
        {
            Unknown = found.Unknown ?? errors.OfType(declaration, "unknown"),
            NotAllowed = errors.WellKnown(RightBinder.NotAllowed, restricted!.Span),
        };

        ErrorReference? Of(string member, NameUse one, NameUse other) =>
            type.Use == one || type.Use == other ? instead ?? errors.OfType(declaration, member) : null;
    }

    private FieldErrors OfNumber(
        FieldSyntax field, ElementSyntax element, ArgumentModel type, ErrorReference? instead, bool isTolerant)
    {
        ErrorReference? range = instead ?? errors.OfType(type.Value.Declaration, "range");
        if (type.HasRange && range == null && !isTolerant && field.Else == null
            && types.Declaration(type.Value.Declaration) == null)
        {
            scope.Problems.Report(Rules.ElseNeeded, element.Span, element.ToString());
        }

        return new FieldErrors
        {
            Malformed = Default("expected-integer", element.Span, isTolerant, tellsWord: false),
            Range = range,
        };
    }

    private FieldErrors OfSignal(TextSpan user, ErrorReference? instead, bool isTolerant) => new()
    {
        Empty = instead ?? Default("expected-signal", user, isTolerant, tellsWord: false),
        Malformed = instead ?? Default("bad-signal", user, isTolerant, tellsWord: false),
        Range = instead ?? Default("bad-signal-number", user, isTolerant, tellsWord: false),
    };

    private ErrorReference? Default(string name, TextSpan user, bool isTolerant, bool tellsWord) =>
        isTolerant ? null : errors.WellKnown(name, user, tellsWord);

    // An `else` that could never be said misleads; a type without an error of its own needs one.
    private void CheckElse(FieldSyntax field, ElementSyntax? element, ArgumentModel? type, bool isTolerant)
    {
        if (element?.Prefix != null && type?.Kind is ValueKind.Text or ValueKind.Integer or ValueKind.Seconds)
        {
            // The error is that of the alternatives beside it.
            return;
        }

        bool isNumber = type?.Kind is ValueKind.Integer or ValueKind.Seconds;
        if (field.Else is { } unused && !isTolerant && (type?.Kind == ValueKind.Text || (isNumber && !type!.HasRange)))
        {
            scope.Problems.Report(
                Rules.ClauseNotHere, unused.Span, "else", "there is no error that it could replace");
        }

        if (field.Else == null && (type?.Kind is null or ValueKind.Enum or ValueKind.Instant or ValueKind.Pool))
        {
            ElementSyntax last = field.Alternatives[field.Alternatives.Count - 1];
            scope.Problems.Report(Rules.ElseNeeded, last.Span, last.ToString());
        }
    }
}
