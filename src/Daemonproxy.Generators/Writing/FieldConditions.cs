using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>Writes what is common to fields of every mark: the comparison with quoted words, and the checks.</summary>
internal sealed class FieldConditions(SourceWriter writer, FieldModel field, string span)
{
    private readonly FieldCSharp _names = new(field);

    /// <summary>True if an empty field has an error of its own; a quoted "" makes it a good one.</summary>
    public bool AnswersEmpty { get; } = field.Errors.Empty != null && !field.Literals.Contains("");

    /// <summary>An empty field, where that is another error than a malformed one.</summary>
    public void WriteEmpty()
    {
        if (AnswersEmpty && field.Errors.Empty != field.Errors.Malformed)
        {
            writer.If(span + ".IsEmpty", "return " + FieldChecks.Error(field.Errors.Empty, span) + ";");
            writer.Gap();
        }
    }

    /// <summary>One variable for each quoted word.</summary>
    public void WriteLiterals(bool declare)
    {
        foreach (string literal in field.Literals)
        {
            writer.Line((declare ? "bool " : "") + _names.LiteralLocal(literal) + " = " + Match(span, literal) + ";");
        }
    }

    /// <summary>The check of a field that has no type.</summary>
    public void WriteOnlyLiterals() =>
        writer.If("!" + AnyLiteral(), "return " + FieldChecks.Error(field.Errors.Malformed, span) + ";");

    /// <summary>Variables that conditions cannot declare.</summary>
    public void Declare(FieldChecks checks)
    {
        foreach ((string type, string name, string value) in checks.Variables)
        {
            writer.Line(type + " " + name + " = " + value + ";");
        }
    }

    /// <summary>The checks, which a quoted word makes unnecessary.</summary>
    public void WriteChecks(List<FieldCheck> checks)
    {
        bool hasLiterals = field.Literals.Count > 0;
        bool isBlock = hasLiterals && checks.Count > 1;
        if (isBlock)
        {
            writer.Open("if (!" + AnyLiteral() + ")");
        }

        foreach (FieldCheck check in checks)
        {
            string condition = hasLiterals && !isBlock
                ? "!" + AnyLiteral() + " && " + Grouped(check.Condition)
                : check.Condition;
            writer.If(condition, "return " + check.Error + ";");
            writer.Gap();
        }

        if (isBlock)
        {
            writer.Close();
        }
    }

    /// <summary>True if any check fails, as one condition.</summary>
    public string Any(List<FieldCheck> checks)
    {
        string any = string.Join(" || ", checks.ConvertAll(check => Grouped(check.Condition)));
        return field.Literals.Count == 0 ? any
            : "!" + AnyLiteral() + " && " + (checks.Count > 1 ? "(" + any + ")" : any);
    }

    /// <summary>True if it is one of the quoted words, once they have been compared.</summary>
    public string AnyLiteral()
    {
        var literals = new List<string>();
        foreach (string literal in field.Literals)
        {
            literals.Add(_names.LiteralLocal(literal));
        }

        return literals.Count == 1 ? literals[0] : "(" + string.Join(" || ", literals) + ")";
    }

    /// <summary>The comparison with all quoted words.</summary>
    public string AnyMatch()
    {
        var matches = new List<string>();
        foreach (string literal in field.Literals)
        {
            matches.Add(Match(span, literal));
        }

        return string.Join(" || ", matches);
    }

    /// <summary>The comparison with a quoted word.</summary>
    public static string Match(string span, string literal) => literal.Length == 0
        ? span + ".IsEmpty"
        : Spans + ".SequenceEqual(" + span + ", " + CSharp.Utf8(literal) + ")";

    private static string Grouped(string condition) =>
        condition.Contains(" && ") || condition.Contains(" or ") ? "(" + condition + ")" : condition;
}
