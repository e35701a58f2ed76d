using System;
using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>
/// Finds types, enums and sets that nothing in the spec uses. Messages and limits can be used by the program alone.
/// </summary>
internal sealed class Usage
{
    private readonly HashSet<string> _used = [];

    private Usage(SpecModel model)
    {
        foreach (CommandModel command in model.Commands)
        {
            if (command.Needs != null)
            {
                _used.Add("enum " + RightBinder.EnumName);
            }

            AddFields(command.Fields);
        }

        foreach (OptionModel option in model.Options)
        {
            AddFields(option.Field == null ? default : new([option.Field]));
        }

        foreach (EventTableModel @event in model.Manual.Events)
        {
            foreach (EventRowModel row in @event.Rows)
            {
                foreach (CellModel cell in row.Cells)
                {
                    foreach (ElementModel element in cell.Elements)
                    {
                        AddType(element.Type);
                    }
                }
            }
        }

        foreach (ErrorModel error in model.Errors)
        {
            AddPieces(error.Pieces);
        }

        foreach (NoticeModel notice in model.Notices)
        {
            AddPieces(notice.Pieces);
        }

        foreach (LogModel log in model.Logs)
        {
            _used.Add("enum log-level");
            AddPieces(log.Pieces);
        }
    }

    public static void Check(Scope scope, SpecModel model)
    {
        var usage = new Usage(model);
        foreach (DeclarationSyntax declaration in scope.Declarations)
        {
            if (declaration.Keyword.Text is "type" or "enum" or "set"
                && !usage._used.Contains(declaration.Key))
            {
                scope.Problems.Report(
                    Rules.NotUsed, declaration.Name.Span, declaration.Keyword.Text, declaration.Name.Text);
            }
        }
    }

    private void AddFields(EquatableArray<FieldModel> fields)
    {
        foreach (FieldModel field in fields)
        {
            AddType(field.Type?.Value);
            foreach (PrefixedModel prefixed in field.Prefixed)
            {
                AddType(prefixed.Type.Value);
            }
        }
    }

    private void AddPieces(EquatableArray<MessagePiece> pieces)
    {
        foreach (MessagePiece piece in pieces)
        {
            AddType(piece.Type);
        }
    }

    private void AddType(WireType? type)
    {
        if (type is { Declaration.Length: > 0 })
        {
            string keyword = type.Kind switch
            {
                ValueKind.Enum => "enum ",
                ValueKind.Set or ValueKind.ValuedSet => "set ",
                _ => "type ",
            };
            _used.Add(keyword + type.Declaration);
        }
    }
}
