using System;
using System.Collections.Generic;
using System.Globalization;
using Daemonproxy.Generators.Checking;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Writing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Compatibility;

/// <summary>
/// Finds what a controller, or somebody who types a command line, may rely on in the released spec and would miss in
/// this one. What is new is no matter. Under a higher version of the protocol a break is a warning that names it, and
/// what the release deprecated may go without one.
/// </summary>
internal sealed class CompatibilityChecker
{
    private readonly SpecModel _was;
    private readonly SpecModel _is;
    private readonly SpecSpans _spans;
    private readonly ProblemBag _problems;
    private readonly string _version;
    private readonly bool _isRaised;

    private CompatibilityChecker(SpecModel was, SpecModel @is, Scope scope)
    {
        _was = was;
        _is = @is;
        _isRaised = @is.Manual.Version > was.Manual.Version;
        _spans = new SpecSpans(scope);
        _problems = _isRaised ? scope.Problems.Sibling() : scope.Problems;
        _version = was.Manual.Version.ToString(CultureInfo.InvariantCulture);
    }

    public static void Check(SpecModel released, SpecModel model, Scope scope)
    {
        var checker = new CompatibilityChecker(released, model, scope);
        if (model.Manual.Version < released.Manual.Version)
        {
            checker.Report(Rules.VersionLowered, checker._spans.Protocol);
            return;
        }

        checker.CheckAll();
        if (checker._isRaised)
        {
            checker.ReportBreaks(scope.Problems, model.Manual.Version.ToString(CultureInfo.InvariantCulture));
        }
    }

    // The version was raised for them, so that they are no errors. What a message asks for holds only without that.
    private void ReportBreaks(ProblemBag problems, string version)
    {
        foreach (Problem found in _problems.ToArray())
        {
            string message = found.Rule.MessageFormat.ToString(CultureInfo.InvariantCulture);
            string fact = string.Format(
                CultureInfo.InvariantCulture, message.Substring(0, message.LastIndexOf(": ", StringComparison.Ordinal)),
                [.. found.Arguments]);
            problems.Report(Rules.Breaks, found.Span, _version, version, fact);
        }
    }

    private void CheckAll()
    {
        var types = new TypeComparison(_was, _is);
        var fields = new FieldComparison(types, _version, _problems, Error);
        Each("command", _was.Commands, _is.Commands, command => (command.Name, command.Lifecycle), (was, @is) =>
            Compare(fields, was, @is));
        Each("option", _was.Options, _is.Options, option => (option.Name, option.Lifecycle), (was, @is) =>
            Compare(fields, was, @is));
        Each("event", _was.Manual.Events, _is.Manual.Events, @event => (@event.Name, @event.Lifecycle), (was, @is) =>
            new EventComparison(types, _version, _problems, _spans).Compare(was, @is));
        Each("limit", _was.Limits, _is.Limits, limit => (limit.Name, LifecycleModel.Unknown), (was, @is) =>
        {
            if (@is.Value < was.Value)
            {
                string number = was.Value.ToString(CultureInfo.InvariantCulture);
                Report(Rules.LimitLowered, _spans.Declaration("limit", was.Name), number);
            }
        });
        CompareTexts();
        if (!_problems.HasErrors && !_isRaised)
        {
            new NameComparison(_was, _is, _version, _problems, _spans).Check();
        }
    }

    // A sender who had the right has it no more. Where there were no rights, every sender had all of them.
    private bool IsRaised(string? was, string? @is)
    {
        if (was == null || @is == null || was == @is)
        {
            return false;
        }

        EquatableArray<string> rights = default;
        foreach (EnumModel @enum in _is.Enums)
        {
            rights = @enum.Name == RightBinder.EnumName ? @enum.Words : rights;
        }

        foreach (string right in rights)
        {
            if (right == was || right == @is)
            {
                return right == was;
            }
        }

        return true;
    }

    private void Compare(FieldComparison fields, CommandModel was, CommandModel @is)
    {
        TextSpan command = _spans.Declaration("command", was.Name);
        fields.Compare(was.Fields, @is.Fields, index => _spans.Field("command", was.Name, index), command);
        if (was.Extra == null && @is.Extra != null)
        {
            Report(Rules.NewRefusal, command, was.Name, "ignores further fields");
        }

        if (was.Takes == null && @is.Takes != null)
        {
            Report(Rules.NewRefusal, command, was.Name, "takes no descriptor");
        }

        // It would be the next command's that takes one.
        if (was.Takes != null && @is.Takes == null)
        {
            Report(Rules.NewRefusal, command, was.Name, "takes a descriptor");
        }

        if (was.Extra != null && @is.Extra != null && was.ExtraIsLast != @is.ExtraIsLast)
        {
            string order = was.ExtraIsLast ? "last" : "first";
            Report(Rules.NewRefusal, command, was.Name, "tells of further fields " + order);
        }

        if (IsRaised(was.Needs, @is.Needs))
        {
            Report(Rules.NewRefusal, command, was.Name, "needs the right " + was.Needs);
        }

        fields.CompareAnswer(was.Extra, @is.Extra, command);
        fields.CompareAnswer(was.Takes, @is.Takes, command);
    }

    private void Compare(FieldComparison fields, OptionModel was, OptionModel @is)
    {
        TextSpan span = _spans.Declaration("option", was.Name);
        bool isSame = (was.Short == null || was.Short == @is.Short) && (!was.Repeats || @is.Repeats)
            && was.Field == null == (@is.Field == null);
        if (!isSame)
        {
            string letter = was.Short is { } found ? " " + found : "";
            Report(Rules.OptionChanged, span, was.Name + letter + (was.Repeats ? " repeats" : "")
                + (was.Field == null ? "" : ", " + was.Shown));
        }
        else if (was.Field is { } value && @is.Field is { } now)
        {
            fields.Compare(new([value]), new([now]), _ => _spans.Field("option", was.Name, 0), span);
        }
    }

    // A text may get another name: that is not on the wire. But what has its name still says its text.
    private void CompareTexts()
    {
        List<(string Keyword, string Name, string Level, EquatableArray<MessagePiece> Text)> texts = Texts(_is);
        foreach ((string keyword, string name, string level, EquatableArray<MessagePiece> text) in Texts(_was))
        {
            CompareText(keyword, name, level, text, texts);
        }
    }

    private static List<(string Keyword, string Name, string Level, EquatableArray<MessagePiece> Text)> Texts(
        SpecModel spec)
    {
        var texts = new List<(string, string, string, EquatableArray<MessagePiece>)>();
        foreach (ErrorModel error in spec.Errors)
        {
            texts.Add(("error", error.Name, "", error.Pieces));
        }

        foreach (NoticeModel notice in spec.Notices)
        {
            texts.Add((notice.Event, notice.Name, "", notice.Pieces));
        }

        foreach (LogModel log in spec.Logs)
        {
            texts.Add(("log", log.Name, log.Level + ": ", log.Pieces));
        }

        return texts;
    }

    private void CompareText(
        string keyword,
        string name,
        string level,
        EquatableArray<MessagePiece> text,
        List<(string Keyword, string Name, string Level, EquatableArray<MessagePiece> Text)> texts)
    {
        int same = texts.FindIndex(now => now.Keyword == keyword && now.Name == name);
        if (same >= 0 && !Says(texts[same].Level, texts[same].Text))
        {
            Report(Rules.TextChanged, _spans.Message(keyword, name), level + Wire.Text(text));
        }
        else if (same < 0 && !texts.Exists(now => now.Keyword == keyword && Says(now.Level, now.Text)))
        {
            Report(Rules.Removed, _spans.Protocol, keyword, name, "");
        }

        bool Says(string otherLevel, EquatableArray<MessagePiece> other) =>
            level == otherLevel && Shape(text) == Shape(other);
    }

    /// <summary>A text as it is on the wire, where the names of its placeholders are not.</summary>
    public static string Shape(EquatableArray<MessagePiece> text)
    {
        var shape = new System.Text.StringBuilder();
        foreach (MessagePiece piece in text)
        {
            shape.Append(piece.Type == null ? piece.Literal : "\t" + piece.Type.Kind + "\t");
        }

        return shape.ToString();
    }

    // Everything that was released is there, and compares well.
    private void Each<T>(
        string keyword,
        EquatableArray<T> was,
        EquatableArray<T> now,
        Func<T, (string Name, LifecycleModel Lifecycle)> describe,
        Action<T, T> compare)
        where T : class, IEquatable<T>
    {
        foreach (T old in was)
        {
            (string name, LifecycleModel lifecycle) = describe(old);
            T? same = null;
            var candidates = new List<string>();
            foreach (T item in now)
            {
                same = describe(item).Name == name ? item : same;
                candidates.Add(describe(item).Name);
            }

            if (same != null)
            {
                compare(old, same);
                continue;
            }

            if (_isRaised && lifecycle.Deprecated != null)
            {
                continue;
            }

            foreach (T item in was)
            {
                candidates.Remove(describe(item).Name);
            }

            Report(Rules.Removed, _spans.Protocol, keyword, name, Suggestion.For(name, candidates));
        }
    }

    private void Report(DiagnosticDescriptor rule, TextSpan span, params string[] arguments) =>
        _problems.Report(rule, span, [_version, .. arguments]);

    // The text of an error of either spec.
    private EquatableArray<MessagePiece> Error(bool released, string name)
    {
        foreach (ErrorModel error in (released ? _was : _is).Errors)
        {
            if (error.Name == name)
            {
                return error.Pieces;
            }
        }

        return new EquatableArray<MessagePiece>([MessagePiece.Text(name)]);
    }
}
