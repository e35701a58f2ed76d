using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Checking;

/// <summary>
/// Makes the model that C# is generated from while a spec has problems, so that the compiler adds none of its own. A
/// declaration with a problem is as it was released, or lacks the wrong part. Commands and options need no handler.
/// Nothing of it is ever run.
/// </summary>
internal sealed class DraftBuilder
{
    // The second of two that have one name is left out.
    private static readonly DiagnosticDescriptor[] _doubled =
    [
        Rules.DuplicateDeclaration, Rules.DuplicateMember, Rules.SameIdentifier, Rules.ReservedWord,
    ];

    private readonly SpecModel _now;
    private readonly SpecModel? _was;
    private readonly HashSet<string> _faulty = [];
    private readonly HashSet<string> _unreadable = [];
    private readonly HashSet<string> _unreadableNames = [];

    private DraftBuilder(
        List<DeclarationSyntax> declarations, SourceText text, EquatableArray<Problem> problems, SpecModel? released)
    {
        _was = released;
        var spans = new HashSet<TextSpan>();
        foreach (Problem problem in problems)
        {
            DeclarationSyntax? owner = declarations.FindLast(
                declaration => declaration.Keyword.Span.Start <= problem.Span.Start);
            _faulty.Add(owner?.Key ?? "");
            if (_doubled.Contains(problem.Rule))
            {
                spans.Add(problem.Span);
            }
        }

        declarations.RemoveAll(declaration => spans.Contains(declaration.Name.Span)
            || (declaration.Name.Text.Length > 0 && !IsIdentifier(declaration.Name)));
        foreach (DeclarationSyntax declaration in declarations)
        {
            RemoveMembers(declaration, spans);
            if (declaration.IsBroken)
            {
                _unreadable.Add(declaration.Key);
                _unreadableNames.Add(declaration.UnreadableName);
            }
        }

        _now = SpecChecker.Bind(new Scope(declarations, new ProblemBag("", text)));
    }

    /// <summary>The model of a spec with these problems; the declarations are used up.</summary>
    public static SpecModel Build(
        List<DeclarationSyntax> declarations, SourceText text, EquatableArray<Problem> problems, SpecModel? released) =>
        new DraftBuilder(declarations, text, problems, released).Build();

    private SpecModel Build() => _now with
    {
        IsDraft = true,
        Sections = Sections(),
        Limits = Merge("limit", _now.Limits, _was?.Limits, limit => limit.Name, (limit, _) =>
            limit with { Value = Math.Max(1, limit.Value) }),
        Names = Merge("type", _now.Names, _was?.Names, name => name.Name, Complete),
        Enums = Merge("enum", _now.Enums, _was?.Enums, @enum => @enum.Name),
        Sets = Merge("set", _now.Sets, _was?.Sets, set => set.Name),
        Errors = Merge("error", _now.Errors, _was?.Errors, error => error.Name),
        Notices = Merge("", _now.Notices, _was?.Notices, notice => notice.Event + "." + notice.Name),
        Logs = Merge("log", _now.Logs, _was?.Logs, log => log.Name),
        Events = Merge(
            "event", _now.Events, _was?.Events, @event => @event.Name, null, @event => @event.Lines.Count > 0),
        Commands = Merge("command", _now.Commands, _was?.Commands, command => command.Name, Complete),
        Options = Merge("option", _now.Options, _was?.Options, option => option.Name, Complete),
        Sizes = new SizesModel(
            Positive(sizes => sizes.LongestEvent), Positive(sizes => sizes.LongestErrorText),
            Positive(sizes => sizes.LongestUncutError), Positive(sizes => sizes.LongestAnswer)),
    };

    // What cannot be read may be the section that handlers are written for.
    private EquatableArray<string> Sections()
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var sections = new List<string>(_now.Sections);
        sections.AddRange(_was?.Sections ?? default);
        sections.AddRange(_unreadableNames.Where(name => SyntaxFacts.IsValidIdentifier(Identifiers.Pascal(name))));
        sections.RemoveAll(section => !taken.Add(Identifiers.Pascal(section)));
        return new EquatableArray<string>(sections);
    }

    // What is no name in the spec may be none in C#, either.
    private static bool IsIdentifier(Token name) => SyntaxFacts.IsValidIdentifier(Identifiers.Pascal(name.Text));

    private static void RemoveMembers(DeclarationSyntax declaration, HashSet<TextSpan> spans)
    {
        switch (declaration)
        {
            case TypeSyntax type:
                type.Members.RemoveAll(member => spans.Contains(member.Name.Span));
                break;
            case EnumSyntax @enum:
                @enum.Words.RemoveAll(word => spans.Contains(word.Name.Span) || !IsIdentifier(word.Name));
                break;
            case SetSyntax set:
                set.Words.RemoveAll(word => spans.Contains(word.Name.Span) || !IsIdentifier(word.Name));
                break;
            case FieldsSyntax fields:
                fields.Fields.RemoveAll(field => spans.Contains(field.Name.Span));
                fields.Fields.ForEach(field => field.Alternatives.RemoveAll(one => spans.Contains(one.Span)));
                (fields as EventSyntax)?.Rows.RemoveAll(
                    row => spans.Contains(row.Name.Span) || !IsIdentifier(row.Name));
                break;
        }
    }

    // What is there now, as it was released if it is wrong, and what is missing.
    private EquatableArray<T> Merge<T>(
        string keyword,
        EquatableArray<T> now,
        EquatableArray<T>? was,
        Func<T, string> name,
        Func<T, T?, T>? repair = null,
        Func<T, bool>? isUsable = null)
        where T : class, IEquatable<T>
    {
        var released = new Dictionary<string, T>();
        foreach (T item in was ?? default)
        {
            released[name(item)] = item;
        }

        var merged = new List<T>();
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (T item in now)
        {
            released.TryGetValue(name(item), out T? old);
            string key = keyword + " " + name(item);
            bool isReplaced = old != null && (repair == null ? _faulty : _unreadable).Contains(key);
            T one = isReplaced ? old! : item;
            if ((isUsable == null || isUsable(one)) && taken.Add(Identifiers.Pascal(name(item))))
            {
                merged.Add(repair == null ? one : repair(one, old));
            }
        }

        foreach (T item in was ?? default)
        {
            if (taken.Add(Identifiers.Pascal(name(item))))
            {
                merged.Add(repair == null ? item : repair(item, item));
            }
        }

        return new EquatableArray<T>(merged);
    }

    // How commands use a type is not known while they are wrong.
    private static NameTypeModel Complete(NameTypeModel now, NameTypeModel? was) => now with
    {
        Longest = Math.Max(1, now.Longest),
        IsTarget = now.IsTarget || now.IsReference,
        IsReference = now.IsReference || was is { IsReference: true },
        IsCreated = now.IsCreated || was is { IsCreated: true },
        HasConstants = now.HasConstants || was is { HasConstants: true },
        IsChangedByRight = now.IsChangedByRight || was is { IsChangedByRight: true },
        IsMadeByRight = now.IsMadeByRight || was is { IsMadeByRight: true },
    };

    private CommandModel Complete(CommandModel now, CommandModel? was)
    {
        var emits = new List<EmittedModel>(now.Emits);
        emits.RemoveAll(emitted => !IsEmitted(emitted.Event));
        return now with
        {
            Fields = Complete(now.Fields, was?.Fields),
            Emits = new EquatableArray<EmittedModel>(emits),
            IsDraft = true,
        };
    }

    private OptionModel Complete(OptionModel now, OptionModel? was) => now with
    {
        Field = now.Field is { IsBroken: true } ? was?.Field : now.Field,
        IsDraft = true,
    };

    // A field whose type is not known is as it was released, or is left out.
    private static EquatableArray<FieldModel> Complete(
        EquatableArray<FieldModel> now, EquatableArray<FieldModel>? was)
    {
        var fields = new List<FieldModel>();
        foreach (FieldModel field in now)
        {
            FieldModel? one = field.IsBroken ? (was ?? default).FirstOrDefault(old => old.Name == field.Name) : field;
            if (one != null)
            {
                fields.Add(one);
            }
        }

        return new EquatableArray<FieldModel>(fields);
    }

    private bool IsEmitted(string name) =>
        name.StartsWith("warning.", StringComparison.Ordinal) || name.StartsWith("info.", StringComparison.Ordinal)
        || IsEmitted(_now, name) || (_was != null && IsEmitted(_was, name));

    private static bool IsEmitted(SpecModel model, string name) => model.Events.Any(@event =>
        @event.Name == name
        || @event.Lines.Any(line => line.Case != null && @event.Name + "." + line.Case == name));

    private int Positive(Func<SizesModel, int> size) =>
        Math.Max(1, Math.Max(size(_now.Sizes), _was == null ? 0 : size(_was.Sizes)));
}
