using System;
using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>
/// The C# names of the fields of one declaration must differ, besides their names: <c>WhenIsDash</c>,
/// <c>TextState</c>, and what a command hands over of its own.
/// </summary>
internal sealed class UniqueProperties
{
    private readonly ProblemBag _problems;
    private readonly Dictionary<string, (string Name, FieldPartKind? Kind)> _made =
        new(StringComparer.OrdinalIgnoreCase);

    public UniqueProperties(ProblemBag problems, FieldsSyntax declaration)
    {
        _problems = problems;
        if (declaration is not CommandSyntax command)
        {
            return;
        }

        _made[Identifiers.Pascal(command.Name.Text) + "Arguments"] = (command.Name.Text, null);
        if (command.Takes != null)
        {
            _made["Descriptor"] = ("takes descriptor", null);
        }

        if (command.ExtraIsLast)
        {
            _made["HasExtra"] = ("extra last", null);
        }
    }

    /// <summary>Fields with equal names are reported elsewhere, for their names.</summary>
    public void Add(FieldModel field, Token name)
    {
        if (field.Mark == FieldMark.List)
        {
            CheckAlternatives(field, name);
        }

        foreach (FieldPart part in FieldPart.Of(field))
        {
            string source = part.Kind == FieldPartKind.Literal ? part.Literal : field.Name;
            if (!_made.TryGetValue(part.Property, out (string Name, FieldPartKind? Kind) other))
            {
                _made.Add(part.Property, (source, part.Kind));
            }
            else if (other.Name != source && (part.Kind != FieldPartKind.Value || other.Kind != FieldPartKind.Value))
            {
                _problems.Report(Rules.SameIdentifier, name.Span, source, other.Name, part.Property);
            }
        }
    }

    // The kinds of the elements of a list, and the members of its client's type.
    private void CheckAlternatives(FieldModel field, Token name)
    {
        var kinds = new Dictionary<string, Alternative>(StringComparer.OrdinalIgnoreCase);
        foreach (Alternative alternative in Alternative.OfList(field, ""))
        {
            if (!kinds.TryGetValue(alternative.Identifier, out Alternative? other))
            {
                kinds.Add(alternative.Identifier, alternative);
            }
            else if (other.Text != alternative.Text || (other.Type == null) != (alternative.Type == null))
            {
                // One that stands twice is another problem.
                _problems.Report(
                    Rules.SameIdentifier, name.Span, alternative.Text, other.Text, alternative.Identifier);
            }
        }
    }
}
