using System;
using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Checking;

/// <summary>
/// Checks <c>error</c>, <c>warning</c>, <c>info</c>, <c>log</c> and the texts of types, and makes their models.
/// </summary>
internal sealed class MessageBinder(Scope scope, TypeLookup types, Sizes sizes)
{
    private const int MostErrors = 255;

    /// <summary>Errors in the order of the file, with those of types where the type stands.</summary>
    public List<ErrorModel> BindErrors()
    {
        var errors = new List<ErrorModel>();
        var numbers = new ErrorNumbers(scope);
        var names = new UniqueIdentifiers(
            scope.Problems, "error", "none", "write", "text", "cut", "errors", "error-id", "errno", "limits");
        foreach (DeclarationSyntax declaration in scope.Declarations)
        {
            if (declaration is MessageSyntax { Keyword.Text: "error" } error && error.Name.Text.Length > 0)
            {
                names.Add(error);
                EquatableArray<MessagePiece> pieces = Pieces(error, Places.Message);
                AtMostOneOfAKind(error, pieces);
                Add(error.Name.Text, pieces, declaration);
            }
            else if (declaration is TypeSyntax type)
            {
                foreach ((Token name, _, Token text) in type.Members)
                {
                    string full = type.Name.Text + "." + name.Text;
                    names.Add(full, Identifiers.Pascal(full), name.Span);
                    Add(full, new([MessagePiece.Text(text.Text)]), declaration);
                }
            }
        }

        return errors;

        void Add(string name, EquatableArray<MessagePiece> pieces, DeclarationSyntax declaration)
        {
            errors.Add(new ErrorModel(name, numbers.Of(name), pieces));
            if (errors.Count == MostErrors + 1)
            {
                scope.Problems.Report(Rules.TooMany, declaration.Name.Span, "spec", "255", "errors");
            }
        }
    }

    public List<NoticeModel> BindNotices()
    {
        var notices = new List<NoticeModel>();
        var warnings = new UniqueIdentifiers(scope.Problems, "warning", "warnings");
        var infos = new UniqueIdentifiers(scope.Problems, "info", "infos");
        foreach (MessageSyntax message in scope.Of<MessageSyntax>())
        {
            string keyword = message.Keyword.Text;
            if (keyword is "error" or "log")
            {
                continue;
            }

            (keyword == "warning" ? warnings : infos).Add(message);
            if (!scope.Others.ContainsKey("event " + keyword))
            {
                scope.Problems.Report(Rules.EventNeeded, message.Keyword.Span, keyword);
            }

            EquatableArray<MessagePiece> pieces = Pieces(message, Places.Message);
            int longest = Sizes.Sum(keyword.Length + "\t\n".Length, sizes.Of(pieces, message.Text.Span));
            notices.Add(new NoticeModel(keyword, message.Name.Text, pieces, longest));
        }

        return notices;
    }

    public List<LogModel> BindLogs()
    {
        var logs = new List<LogModel>();
        var names = new UniqueIdentifiers(scope.Problems, "log", "log-messages");
        foreach (MessageSyntax message in scope.Of<MessageSyntax>())
        {
            if (message.Level is { } level)
            {
                string identifier = Identifiers.Pascal(message.Name.Text);
                names.Add(message.Name.Text, identifier, message.Name.Span, also: identifier + "Text");
                CheckLevel(level);
                logs.Add(new LogModel(message.Name.Text, level.Text, LogPieces(message)));
            }
        }

        return logs;
    }

    private void CheckLevel(Token level)
    {
        var words = new List<string>();
        if (scope.Types.TryGetValue("log-level", out DeclarationSyntax? declared) && declared is EnumSyntax levels)
        {
            levels.Words.ForEach(word => words.Add(word.Name.Text));
        }

        bool hasLevels = scope.Types.ContainsKey("log-level");
        if (!words.Contains(level.Text)
            && (hasLevels ? scope.TellsUnknown("level", level.Text) : scope.TellsUnknown("type", "log-level")))
        {
            scope.Problems.Report(
                Rules.UnknownLevel, level.Span, level.Text,
                hasLevels ? Suggestion.For(level.Text, words) : Suggestion.For("log-level", scope.Types.Keys));
        }
    }

    // The log has room for one whole line of a controller and what stands around it.
    private EquatableArray<MessagePiece> LogPieces(MessageSyntax message)
    {
        EquatableArray<MessagePiece> pieces = Pieces(message, Places.Message | Places.Log);
        int texts = 0;
        foreach (MessagePiece piece in pieces)
        {
            texts += piece.Type?.Kind == ValueKind.Text ? 1 : 0;
        }

        if (texts > 1)
        {
            scope.Problems.Report(Rules.TooMany, message.Text.Span, "a message of the log", "1", "text");
        }

        return pieces;
    }

    // Literal text and placeholders: `can't kill {name:service}`.
    private EquatableArray<MessagePiece> Pieces(MessageSyntax message, Places where)
    {
        var pieces = new List<MessagePiece>();
        string text = message.Text.Text;
        int position = 0;
        while (position < text.Length)
        {
            int open = text.IndexOf('{', position);
            int end = open < 0 ? text.Length : open;
            if (end > position)
            {
                pieces.Add(MessagePiece.Text(text.Substring(position, end - position)));
            }

            if (open < 0)
            {
                break;
            }

            int close = text.IndexOf('}', open);
            if (close < 0)
            {
                scope.Problems.Report(
                    Rules.MalformedPlaceholder, Place(message, open, text.Length - open), text.Substring(open));
                break;
            }

            string placeholder = text.Substring(open + 1, close - open - 1);
            AddPlaceholder(
                placeholder, start => Place(message, open + 1 + start, placeholder.Length - start), where, pieces);
            position = close + 1;
        }

        return new EquatableArray<MessagePiece>(pieces);
    }

    private void AddPlaceholder(
        string placeholder, Func<int, TextSpan> place, Places where, List<MessagePiece> pieces)
    {
        int colon = placeholder.IndexOf(':');
        string name = colon < 0 ? placeholder : placeholder.Substring(0, colon);
        if (colon < 0 || !Names.IsName(name, dotted: false))
        {
            scope.Problems.Report(Rules.MalformedPlaceholder, place(0), "{" + placeholder + "}");
            return;
        }

        if (pieces.Exists(piece => piece.Placeholder == name))
        {
            scope.Problems.Report(Rules.DuplicateMember, place(0), name);
            return;
        }

        WireType? type = types.Find(
            new Token(TokenKind.Word, placeholder.Substring(colon + 1), place(colon + 1)), where);
        if (type != null)
        {
            pieces.Add(new MessagePiece("", name, type));
        }
    }

    // Where a part of the text stands in the file: behind the quote, and what is escaped there has one more character.
    private static TextSpan Place(MessageSyntax message, int start, int length)
    {
        return TextSpan.FromBounds(InFile(start), InFile(start + length));

        int InFile(int index)
        {
            int position = message.Text.Span.Start + 1 + index;
            for (int before = 0; before < index; before++)
            {
                position += message.Text.Text[before] is '"' or '\\' ? 1 : 0;
            }

            return position;
        }
    }

    // An error value has one place for each: see CommandError.
    private void AtMostOneOfAKind(MessageSyntax error, EquatableArray<MessagePiece> pieces)
    {
        int texts = 0, numbers = 0, reasons = 0;
        foreach (MessagePiece piece in pieces)
        {
            switch (piece.Type?.Kind)
            {
                case null:
                    break;
                case ValueKind.Text or ValueKind.Name:
                    texts++;
                    break;
                case ValueKind.Errno:
                    reasons++;
                    break;
                default:
                    numbers++;
                    break;
            }
        }

        if (texts > 1 || numbers > 1 || reasons > 1)
        {
            scope.Problems.Report(Rules.TooManyPlaceholders, error.Text.Span);
        }
    }
}
