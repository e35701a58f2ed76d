using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Generators.Compatibility;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Checking;

/// <summary>
/// Checks a spec as a whole and makes its model, which is worth something only without problems; then it is compared
/// with the released one, if there is one.
/// </summary>
internal static class SpecChecker
{
    public static SpecModel Check(List<DeclarationSyntax> declarations, ProblemBag problems, SpecModel? released)
    {
        var scope = new Scope(declarations, problems);
        SpecModel model = Bind(scope);
        if (problems.IsEmpty)
        {
            new HiddenCases(scope, model).Check();
        }

        if (released != null && !problems.HasErrors)
        {
            CompatibilityChecker.Check(released, model, scope);
        }

        // While something else is wrong, what is not used may be about to be.
        if (!problems.HasErrors)
        {
            Usage.Check(scope, model);
        }

        return model;
    }

    /// <summary>Makes the model of what is declared.</summary>
    public static SpecModel Bind(Scope scope)
    {
        CheckDeclarations(scope);

        var types = new TypeLookup(scope);
        var sizes = new Sizes(scope);
        var typeBinder = new TypeBinder(scope);
        var messages = new MessageBinder(scope, types, sizes);
        List<ErrorModel> errors = messages.BindErrors();
        List<NoticeModel> notices = messages.BindNotices();
        List<LogModel> logs = messages.BindLogs();
        List<EventModel> events = new EventBinder(scope, types, sizes).Bind();

        var errorLookup = new ErrorLookup(scope, errors);
        var fields = new FieldBinder(scope, types, errorLookup);
        var emitted = new EmittedEvents(scope, events, notices);
        List<CommandModel> commands = new CommandBinder(
            scope, fields, new RightBinder(scope, errorLookup), errorLookup, emitted).Bind();
        List<OptionModel> options = new OptionBinder(scope, fields).Bind();

        List<NameTypeModel> names = typeBinder.BindNames(commands);
        List<EnumModel> enums = typeBinder.BindEnums();
        List<SetModel> sets = new SetBinder(scope, errorLookup).Bind();
        TypeNames.Check(scope);
        return new SpecModel(
            Limits(scope),
            new EquatableArray<NameTypeModel>(names),
            new EquatableArray<EnumModel>(enums),
            new EquatableArray<SetModel>(sets),
            new EquatableArray<ErrorModel>(errors),
            new EquatableArray<NoticeModel>(notices),
            new EquatableArray<LogModel>(logs),
            new EquatableArray<EventModel>(events),
            new EquatableArray<CommandModel>(commands),
            new EquatableArray<OptionModel>(options),
            Measure(scope, sizes, errors, notices, events, commands),
            new ManualBinder(scope).Bind(),
            scope.Documentation())
        {
            Sections = new EquatableArray<string>([.. commands.Select(command => command.Section).Distinct()]),
        };
    }

    private static void CheckDeclarations(Scope scope)
    {
        if (scope.Declarations.Count == 0 || scope.Declarations[0] is not (ProtocolSyntax or { IsBroken: true }))
        {
            TextSpan span = scope.Declarations.Count == 0 ? default : scope.Declarations[0].Keyword.Span;
            scope.Problems.Report(Rules.ProtocolFirst, span);
        }

        if (scope.Protocol is { IsBroken: false, Version: < 1 } protocol)
        {
            scope.Problems.Report(Rules.NotPositive, protocol.Number.Span);
        }

        foreach (DeclarationSyntax declaration in scope.Declarations)
        {
            if (declaration.Docs.Length == 0 && declaration is not SectionSyntax && !declaration.IsBroken)
            {
                scope.Problems.Report(
                    Rules.NotDocumented, declaration.Name.Span, declaration.Keyword.Text, declaration.Name.Text);
            }
        }
    }

    private static EquatableArray<LimitModel> Limits(Scope scope)
    {
        var limits = new List<LimitModel>();
        var names = new UniqueIdentifiers(
            scope.Problems, "limit", "limits", "longest-event", "longest-error-text", "longest-answer",
            "protocol-version");
        foreach (LimitSyntax limit in scope.Of<LimitSyntax>())
        {
            names.Add(limit);
            if (limit.Value < 1 && !limit.IsBroken)
            {
                scope.Problems.Report(Rules.NotPositive, limit.Number.Span);
            }

            limits.Add(new LimitModel(limit.Name.Text, limit.Value));
        }

        return new EquatableArray<LimitModel>(limits);
    }

    private static SizesModel Measure(
        Scope scope,
        Sizes sizes,
        List<ErrorModel> errors,
        List<NoticeModel> notices,
        List<EventModel> events,
        List<CommandModel> commands)
    {
        int longestEvent = 0, longestError = 0, longestUncut = 0, longestAnswer = 0;
        foreach (EventModel @event in events)
        {
            foreach (EventLineModel line in @event.Lines)
            {
                longestEvent = Math.Max(longestEvent, line.Longest);
            }
        }

        notices.ForEach(notice => longestEvent = Math.Max(longestEvent, notice.Longest));
        commands.ForEach(command => longestAnswer = Math.Max(longestAnswer, command.LongestAnswer));
        foreach (ErrorModel error in errors)
        {
            if (error.HasPlaceholders)
            {
                int cut = scope.Limit("error-text", User(scope, error));
                longestError = Math.Max(longestError, cut);
                longestUncut = Math.Max(longestUncut, Uncut(error, cut));
            }
            else
            {
                longestError = Math.Max(longestError, sizes.Of(error.Pieces, default));
            }
        }

        return new SizesModel(longestEvent, longestError, longestUncut, longestAnswer);

        // A text is cut before it is put in, so that a long one needs no long buffer.
        int Uncut(ErrorModel error, int cut)
        {
            int bytes = 0;
            foreach (MessagePiece piece in error.Pieces)
            {
                bytes += piece.Type?.Kind == ValueKind.Text
                    ? cut
                    : sizes.Of(new EquatableArray<MessagePiece>([piece]), default);
            }

            return bytes;
        }
    }

    private static TextSpan User(Scope scope, ErrorModel error) => scope.Others["error " + error.Name].Name.Span;
}
