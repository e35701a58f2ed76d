using System;
using System.Collections.Generic;
using System.Globalization;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Checks the commands and makes their models.</summary>
internal sealed class CommandBinder(
    Scope scope, FieldBinder fields, RightBinder rights, ErrorLookup errors, EmittedEvents events)
{
    // An id has at most two bytes.
    private const int MostCommands = ushort.MaxValue;

    public List<CommandModel> Bind()
    {
        var commands = new List<CommandModel>();
        var names = new UniqueIdentifiers(
            scope.Problems, "command", "none", "command-dispatch", "errors", "argument-types", "signal-argument",
            "field-state");
        string section = "";
        foreach (DeclarationSyntax declaration in scope.Declarations)
        {
            section = declaration is SectionSyntax { Name.Text.Length: > 0 } ? declaration.Name.Text : section;
            if (declaration is not CommandSyntax { Name.Text.Length: > 0 } command)
            {
                continue;
            }

            names.Add(command);
            commands.Add(Bind(command) with { Section = section });
            if (commands.Count == MostCommands + 1)
            {
                scope.Problems.Report(Rules.TooMany, command.Name.Span, "spec", "65535", "commands");
            }
        }

        return commands;
    }

    private CommandModel Bind(CommandSyntax command)
    {
        string? needs = rights.Bind(command, out bool isRestricted);
        EquatableArray<FieldModel> bound = fields.Bind(command, Places.Command, isRestricted);
        var fails = new List<string>();
        var once = new UniqueNames(scope.Problems, "error");
        foreach (Token name in command.Fails)
        {
            once.Add(name);
            errors.Check(name);
            fails.Add(name.Text);
        }

        return new CommandModel(
            command.Name.Text,
            bound,
            Extra(command),
            command.ExtraIsLast,
            command.TakesElse is { } none ? errors.Reference(none, tellsWord: false)?.Name : null,
            new EquatableArray<string>(fails),
            Emits(command, out int longestAnswer),
            Streams(command),
            LifecycleBinder.Bind(scope, command.Lifecycle),
            longestAnswer)
        {
            Needs = needs,
        };
    }

    private string? Extra(CommandSyntax command)
    {
        if (command.Extra is not { } extra)
        {
            return null;
        }

        if (command.Fields.Find(field => field.IsRest || field.IsList
            || ((field.IsOptional || field.When != null) && !command.ExtraIsLast)) is { } open)
        {
            scope.Problems.Report(Rules.ExtraNeedsFixedFields, extra.Span, open.Name.Text);
        }

        return errors.Reference(extra, tellsWord: false)?.Name;
    }

    private EquatableArray<EmittedModel> Emits(CommandSyntax command, out int longestAnswer)
    {
        var emits = new List<EmittedModel>();
        var once = new UniqueNames(scope.Problems, "event");
        long longest = 0;
        foreach ((Token name, Token? number, int times) in command.Emits)
        {
            once.Add(name);
            if (times < 1)
            {
                scope.Problems.Report(Rules.NotPositive, number!.Value.Span);
            }

            longest += (long)events.Longest(name) * times;
            emits.Add(new EmittedModel(name.Text, times));
        }

        longestAnswer = (int)Math.Min(longest, int.MaxValue);
        if (scope.Limits.TryGetValue("outbox", out LimitSyntax? outbox) && longest > outbox.Value / 2)
        {
            scope.Problems.Report(
                Rules.AnswerTooLong, command.Name.Span, command.Name.Text,
                longest.ToString(CultureInfo.InvariantCulture),
                (outbox.Value / 2).ToString(CultureInfo.InvariantCulture));
        }

        return new EquatableArray<EmittedModel>(emits);
    }

    private EquatableArray<string> Streams(CommandSyntax command)
    {
        var streams = new List<string>();
        var once = new UniqueNames(scope.Problems, "event");
        foreach (Token name in command.Streams)
        {
            once.Add(name);
            events.Longest(name);
            streams.Add(name.Text);
        }

        return new EquatableArray<string>(streams);
    }
}
