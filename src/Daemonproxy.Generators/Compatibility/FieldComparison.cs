using System;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Writing;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Compatibility;

/// <summary>
/// Compares the fields of commands and options, which are distinguished by their places: their names are not on the
/// wire. <c>error</c> gives the text of an error of the released spec, or of this one.
/// </summary>
internal sealed class FieldComparison(
    TypeComparison types, string version, ProblemBag problems, Func<bool, string, EquatableArray<MessagePiece>> error)
{
    public void Compare(
        EquatableArray<FieldModel> released, EquatableArray<FieldModel> now, Func<int, TextSpan> span, TextSpan owner)
    {
        for (int index = 0; index < Math.Max(released.Count, now.Count); index++)
        {
            if (index >= now.Count)
            {
                problems.Report(Rules.Removed, owner, version, "field", released[index].Name, "");
            }
            else if (index >= released.Count)
            {
                CheckNew(now[index], span(index));
            }
            else if (IsElsewhere(released[index], now, index))
            {
                problems.Report(Rules.FieldMoved, span(index), version, released[index].Name);
            }
            else
            {
                Compare(released[index], now[index], span(index));
            }
        }
    }

    /// <summary>Compares what is answered to one mistake; a mistake that is none any more has no answer.</summary>
    public void CompareAnswer(string? released, string? now, TextSpan span)
    {
        if (released != null && now != null
            && CompatibilityChecker.Shape(error(true, released)) != CompatibilityChecker.Shape(error(false, now)))
        {
            problems.Report(Rules.AnswerChanged, span, version, Wire.Text(error(true, released)));
        }
    }

    private void CheckNew(FieldModel field, TextSpan span)
    {
        if (field.Mark == FieldMark.Required || field.When != null)
        {
            problems.Report(Rules.NewFieldRequired, span, version, field.Name);
        }
    }

    // Another name in the same place is a new name, unless the old one went to another place.
    private static bool IsElsewhere(FieldModel released, EquatableArray<FieldModel> now, int index)
    {
        for (int other = 0; other < now.Count; other++)
        {
            if (other != index && now[other].Name == released.Name)
            {
                return true;
            }
        }

        return false;
    }

    private void Compare(FieldModel released, FieldModel now, TextSpan span)
    {
        if (!Accepts(released, now))
        {
            problems.Report(Rules.Narrowed, span, version, released.Notation);
            return;
        }

        FieldErrors was = released.Errors;
        FieldErrors @is = now.Errors;
        CompareAnswer(was.Missing?.Name, @is.Missing?.Name, span);
        CompareAnswer(was.Empty?.Name, @is.Empty?.Name, span);
        CompareAnswer(was.Malformed?.Name, @is.Malformed?.Name, span);
        CompareAnswer(was.Range?.Name, @is.Range?.Name, span);
        CompareAnswer(was.Unknown?.Name, @is.Unknown?.Name, span);
        CompareAnswer(was.Constant?.Name, @is.Constant?.Name, span);
        CompareAnswer(was.Full?.Name, @is.Full?.Name, span);
        foreach (PrefixedModel old in released.Prefixed)
        {
            CompareAnswer(old.Errors.Malformed?.Name, Find(now, old.Prefix)!.Errors.Malformed?.Name, span);
        }

        if (released.Type != null && now.Type != null && was.Range == null && @is.Range == null)
        {
            foreach ((string old, string error) in types.WordErrors(released.Type, now.Type))
            {
                CompareAnswer(old, error, span);
            }
        }
    }

    // What began with a text still may; among words that may begin with anything a new text takes some away.
    private bool AcceptsPrefixed(FieldModel released, FieldModel now, bool isText)
    {
        bool isSame = true;
        foreach (PrefixedModel old in released.Prefixed)
        {
            PrefixedModel? same = Find(now, old.Prefix);
            isSame &= same != null && types.Accepts(old.Type, same.Type);
        }

        foreach (PrefixedModel one in now.Prefixed)
        {
            isSame &= !isText || Find(released, one.Prefix) != null;
        }

        return isSame;
    }

    private static PrefixedModel? Find(FieldModel field, string prefix)
    {
        foreach (PrefixedModel prefixed in field.Prefixed)
        {
            if (prefixed.Prefix == prefix)
            {
                return prefixed;
            }
        }

        return null;
    }

    private bool Accepts(FieldModel released, FieldModel now)
    {
        bool isSameMark = released.Mark == now.Mark
            || (released.Mark == FieldMark.Required && now.Mark == FieldMark.Optional);
        bool tolerates = now.ToleratesMalformed || !released.ToleratesMalformed;
        bool isSameType = released.Type == null
            ? released.Mark != FieldMark.Rest || now.Mark == FieldMark.Rest
            : now.Type != null && types.Accepts(released.Type, now.Type);
        foreach (string literal in released.Literals)
        {
            isSameType &= now.Literals.Contains(literal);
        }

        // A new word among texts is no text any more.
        bool isText = released.Type is { Kind: ValueKind.Text };
        foreach (string literal in now.Literals)
        {
            isSameType &= !isText || released.Literals.Contains(literal);
        }

        isSameType &= AcceptsPrefixed(released, now, isText);
        bool isSameCondition = now.When == null || now.When == released.When;
        bool isSameDefault = released.Default == null || released.Default == now.Default;
        return isSameMark && tolerates && isSameType && isSameDefault && isSameCondition;
    }
}
