using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Generators.Problems;

namespace Daemonproxy.Generators.Reading;

/// <summary>Reads the indented lines: what belongs to the declaration above them.</summary>
internal sealed class MemberReader(ProblemBag problems)
{
    private static readonly string[] _ageMembers = ["since", "deprecated"];
    private static readonly string[] _commandMembers =
        ["needs", "fails", "emits", "streams", "extra", "takes", .. _ageMembers];
    private static readonly string[] _eventMembers = ["cases", .. _ageMembers];

    // Each is a member, a parameter or a case in C#, and some are compared with each other.
    private const int MostFields = 64;
    private const int MostNames = 64;
    private const int MostWords = 255;
    private const int MostCases = 255;

    public void Read(LineCursor cursor, DeclarationSyntax declaration, string docs)
    {
        if (IsFull(cursor, declaration))
        {
            declaration.IsBroken = true;
            return;
        }

        switch (declaration)
        {
            case TypeSyntax type:
                ReadTypeMember(cursor, type);
                break;
            case EnumSyntax @enum:
                @enum.Words.Add((cursor.TakeName("a word of the enum", dotted: true), docs, ReadLifecycles(cursor)));
                break;
            case SetSyntax set:
                set.Words.Add(ReadSetWord(cursor, docs));
                break;
            case CommandSyntax command:
                ReadCommandMember(cursor, command, docs);
                break;
            case EventSyntax @event:
                ReadEventMember(cursor, @event, docs);
                break;
            case OptionSyntax option:
                ReadFieldOrLifecycle(cursor, option, docs, _ageMembers);
                break;
            default:
                NoMembers(cursor, declaration);
                break;
        }

        cursor.ExpectEnd();
        declaration.IsBroken |= cursor.Failed;
    }

    // Reported at the first member that is one too many; those behind it are not read.
    private static bool IsFull(LineCursor cursor, DeclarationSyntax declaration)
    {
        (int count, int most, string what) = declaration switch
        {
            EnumSyntax @enum => (@enum.Words.Count, MostWords, "words"),
            SetSyntax set => (set.Words.Count, MostWords, "words"),
            EventSyntax { Cases: not null } @event => (@event.Rows.Count, MostCases, "cases"),
            FieldsSyntax fields when Array.IndexOf(_commandMembers, cursor.Current.Text) < 0 =>
                (fields.Fields.Count, MostFields, "fields"),
            _ => (0, 1, ""),
        };
        if (count < most)
        {
            return false;
        }

        bool isTold = declaration.IsFull;
        declaration.IsFull = true;
        return isTold || cursor.AreTooMany(count, most, declaration.Keyword.Text, what);
    }

    // A misspelt role is read as the one that was meant.
    private void ReadTypeMember(LineCursor cursor, TypeSyntax type)
    {
        Token role = cursor.TakeWord("what the text is for");
        (Token, int)? number = ElementReader.TryReadErrorNumber(cursor);
        Token text = cursor.TakeText("a quoted text");
        IReadOnlyList<string> roles = TypeRoles.Of(type.Base.Token.Text);
        if (!cursor.Failed && roles.Count > 0 && !roles.Contains(role.Text))
        {
            problems.Report(
                Rules.UnknownMember, role.Span, role.Text, "type", Suggestion.For(role.Text, roles));
            type.IsBroken = true;
            role = role with { Text = Suggestion.Nearest(role.Text, roles) ?? "" };
        }

        if (role.Text.Length > 0)
        {
            type.Members.Add(new TypeTextSyntax(role, number, text));
        }
    }

    private static SetWordSyntax ReadSetWord(LineCursor cursor, string docs)
    {
        Token name = cursor.TakeName("a word of the set");
        var word = new SetWordSyntax(name, docs, null, null, [], [], null);
        if (!cursor.TryTake("="))
        {
            return word with { Lifecycle = ReadLifecycles(cursor) };
        }

        if (!cursor.Current.IsWord("implies") && !cursor.Current.IsWord("clears"))
        {
            word = word with { Value = ElementReader.ReadElement(cursor) };
            if (cursor.TryTake("default"))
            {
                word = word with { Default = cursor.TakeWord("the default value") };
            }
        }

        if (cursor.TryTake("implies"))
        {
            ElementReader.ReadNames(cursor, "a word of the same set", word.Implies);
        }

        if (cursor.TryTake("clears"))
        {
            ElementReader.ReadNames(cursor, "a word of the same set", word.Clears);
        }

        word = cursor.TryTake("else") ? word with { Else = cursor.TakeWord("the name of an error") } : word;
        return word with { Lifecycle = ReadLifecycles(cursor) };
    }

    private static LifecycleSyntax ReadLifecycles(LineCursor cursor)
    {
        var lifecycle = new LifecycleSyntax();
        while (ElementReader.TryReadLifecycle(cursor, lifecycle))
        {
        }

        return lifecycle;
    }

    private void ReadCommandMember(LineCursor cursor, CommandSyntax command, string docs)
    {
        if (Array.IndexOf(_commandMembers, cursor.Current.Text) < 0)
        {
            ReadField(cursor, command, docs, _commandMembers);
            return;
        }

        Token member = cursor.Take();
        if (IsFieldMark(cursor.Current))
        {
            command.Fields.Add(ElementReader.ReadField(cursor, member, docs));
            return;
        }

        switch (member.Text)
        {
            case "needs":
                Once(member, command.Needs != null);
                command.Needs = cursor.TakeName("a word of the enum right", dotted: true);
                break;
            case "fails":
                ElementReader.ReadNames(cursor, "the name of an error", command.Fails);
                break;
            case "emits":
                ReadEmits(cursor, command);
                break;
            case "streams":
                ElementReader.ReadNames(cursor, "the name of an event", command.Streams);
                break;
            case "extra":
                Once(member, command.Extra != null);
                command.Extra = cursor.TakeWord("the name of an error");
                command.ExtraIsLast = cursor.TryTake("last");
                break;
            case "since" or "deprecated":
                ReadLifecycle(cursor, member, command);
                break;
            default:
                Once(member, command.Takes != null);
                command.Takes = member;
                cursor.TakeSymbol("descriptor");
                cursor.TakeSymbol("else");
                command.TakesElse = cursor.TakeWord("the name of an error");
                break;
        }
    }

    private static void ReadEmits(LineCursor cursor, CommandSyntax command)
    {
        do
        {
            if (cursor.AreTooMany(command.Emits.Count, MostNames, "a member", "names"))
            {
                return;
            }

            Token name = cursor.TakeName("the name of an event", dotted: true);
            Token? number = null;
            int times = 1;
            if (cursor.TryTake("["))
            {
                (number, times) = cursor.TakeNumber("how many times at most");
                cursor.TakeSymbol("]");
                times = cursor.Failed ? 1 : times;
            }

            command.Emits.Add((name, number, times));
        }
        while (cursor.TryTake(","));
    }

    private void ReadEventMember(LineCursor cursor, EventSyntax @event, string docs)
    {
        if (@event.Cases != null)
        {
            var cells = new List<CellSyntax>();
            Token name = cursor.TakeName("the name of a case");
            while (!cursor.AtEnd)
            {
                cells.Add(ElementReader.ReadCell(cursor));
            }

            @event.Rows.Add((name, cells));
            return;
        }

        if (@event.Fields.Count > 0 || !cursor.Current.IsWord("cases"))
        {
            ReadFieldOrLifecycle(cursor, @event, docs, _eventMembers);
            return;
        }

        Token cases = cursor.Take();
        if (IsFieldMark(cursor.Current))
        {
            @event.Fields.Add(ElementReader.ReadField(cursor, cases, docs));
            return;
        }

        @event.Cases = cases;
        do
        {
            @event.Headings.Add(cursor.TakeName("a heading"));
        }
        while (!cursor.AtEnd && !cursor.AreTooMany(@event.Headings.Count, MostFields, "an event", "headings"));
    }

    private void ReadFieldOrLifecycle(LineCursor cursor, FieldsSyntax declaration, string docs, string[] members)
    {
        if (Array.IndexOf(_ageMembers, cursor.Current.Text) < 0)
        {
            ReadField(cursor, declaration, docs, members);
            return;
        }

        Token member = cursor.Take();
        if (IsFieldMark(cursor.Current))
        {
            declaration.Fields.Add(ElementReader.ReadField(cursor, member, docs));
        }
        else
        {
            ReadLifecycle(cursor, member, declaration);
        }
    }

    private void ReadLifecycle(LineCursor cursor, Token member, FieldsSyntax declaration)
    {
        if (member.Text == "since")
        {
            Once(member, declaration.Lifecycle.Since != null);
            (Token, int) since = cursor.TakeNumber("a version of the protocol");
            declaration.Lifecycle.Since = cursor.Failed ? declaration.Lifecycle.Since : since;
        }
        else
        {
            Once(member, declaration.Lifecycle.Deprecated != null);
            declaration.Lifecycle.Deprecated = cursor.TakeText("a quoted text that says what to use instead");
        }
    }

    // A line that begins with neither a field nor a known word may be either, misspelt.
    private void ReadField(LineCursor cursor, FieldsSyntax declaration, string docs, string[] members)
    {
        Token name = cursor.TakeName("a field");
        if (!cursor.Failed && !IsFieldMark(cursor.Current))
        {
            string suggestion = Suggestion.For(name.Text, members);
            problems.Report(Rules.UnknownMember, name.Span, name.Text, declaration.Keyword.Text, suggestion);
            cursor.Fail();
            return;
        }

        FieldSyntax field = ElementReader.ReadField(cursor, name, docs);
        if (!cursor.Failed)
        {
            declaration.Fields.Add(field);
        }
    }

    private void NoMembers(LineCursor cursor, DeclarationSyntax declaration)
    {
        // Below a line that could not be read, nobody knows what belongs there.
        if (!declaration.IsBroken && !cursor.Failed)
        {
            problems.Report(Rules.NoMembers, cursor.Current.Span, declaration.Keyword.Text);
        }

        cursor.Fail();
    }

    private void Once(Token member, bool again)
    {
        if (again)
        {
            problems.Report(Rules.DuplicateMember, member.Span, member.Text);
        }
    }

    private static bool IsFieldMark(Token token) =>
        token.IsSymbol(":") || token.IsSymbol("?") || token.IsSymbol("...");
}
