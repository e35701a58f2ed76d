using System.Collections.Generic;
using Daemonproxy.Generators.Problems;

namespace Daemonproxy.Generators.Reading;

/// <summary>Reads the lines at column 0: a keyword, a name, and what belongs to the keyword.</summary>
internal sealed class DeclarationReader(ProblemBag problems)
{
    /// <summary>Every keyword.</summary>
    public static IReadOnlyList<string> Keywords { get; } =
    [
        "protocol", "limit", "section", "type", "enum", "set", "error", "warning", "info", "log", "command", "event",
        "option",
    ];

    public DeclarationSyntax Read(LineCursor cursor, string docs)
    {
        Token keyword = cursor.TakeWord("a keyword");
        bool isKnown = ((IList<string>)Keywords).Contains(keyword.Text);
        DeclarationSyntax declaration = isKnown ? Read(cursor, keyword, docs) : ReadUnknown(cursor, keyword, docs);
        cursor.ExpectEnd();
        declaration.IsBroken = cursor.Failed || !isKnown;
        return declaration;
    }

    private static DeclarationSyntax Read(LineCursor cursor, Token keyword, string docs)
    {
        return keyword.Text switch
        {
            "protocol" => ReadProtocol(cursor, keyword, docs),
            "limit" => ReadLimit(cursor, keyword, docs),
            "section" => new SectionSyntax(keyword, cursor.TakeName("the name of the section"), docs),
            "type" => ReadType(cursor, keyword, docs),
            "enum" => new EnumSyntax(keyword, cursor.TakeName("the name of the enum"), docs),
            "set" => new SetSyntax(keyword, cursor.TakeName("the name of the set"), docs),
            "error" or "warning" or "info" => ReadMessage(cursor, keyword, docs),
            "log" => ReadLog(cursor, keyword, docs),
            "command" => new CommandSyntax(keyword, cursor.TakeName("the name of the command", dotted: true), docs),
            "event" => new EventSyntax(keyword, cursor.TakeName("the name of the event", dotted: true), docs),
            _ => ReadOption(cursor, keyword, docs),
        };
    }

    private static ProtocolSyntax ReadProtocol(LineCursor cursor, Token keyword, string docs)
    {
        Token name = cursor.TakeName("the name of the protocol");
        (Token number, int version) = cursor.TakeNumber("the version of the protocol");
        return new ProtocolSyntax(keyword, name, docs, number, version);
    }

    private static LimitSyntax ReadLimit(LineCursor cursor, Token keyword, string docs)
    {
        Token name = cursor.TakeName("the name of the limit");
        (Token number, int value) = cursor.TakeNumber("the number of the limit");
        return new LimitSyntax(keyword, name, docs, number, value);
    }

    private static TypeSyntax ReadType(LineCursor cursor, Token keyword, string docs)
    {
        Token name = cursor.TakeName("the name of the type");
        cursor.TakeSymbol(":");
        return new TypeSyntax(keyword, name, docs, ElementReader.ReadElement(cursor));
    }

    private static MessageSyntax ReadMessage(LineCursor cursor, Token keyword, string docs)
    {
        Token name = cursor.TakeName("the name of the " + keyword.Text);
        (Token, int)? number = keyword.Text == "error" ? ElementReader.TryReadErrorNumber(cursor) : null;
        return new MessageSyntax(keyword, name, docs, cursor.TakeText("the quoted text of the " + keyword.Text))
        {
            Number = number,
        };
    }

    private static MessageSyntax ReadLog(LineCursor cursor, Token keyword, string docs)
    {
        Token name = cursor.TakeName("the name of the log message");
        Token level = cursor.TakeWord("the level of the log message");
        return new MessageSyntax(keyword, name, docs, cursor.TakeText("the quoted text of the log message"))
        {
            Level = level,
        };
    }

    private static OptionSyntax ReadOption(LineCursor cursor, Token keyword, string docs)
    {
        Token name = cursor.TakeName("the name of the option");
        bool hasShort = !cursor.AtEnd && !cursor.Current.IsWord("repeats");
        Token? letter = hasShort ? cursor.TakeWord("a letter, `repeats` or the end of the line") : null;
        return new OptionSyntax(keyword, name, docs, letter, cursor.TryTake("repeats"));
    }

    // A misspelt keyword is read as the one that was meant, so that what refers to the declaration finds it.
    private DeclarationSyntax ReadUnknown(LineCursor cursor, Token keyword, string docs)
    {
        var nothing = new Token(TokenKind.Word, "", keyword.Span);
        if (cursor.Failed)
        {
            return new SectionSyntax(keyword, nothing, docs);
        }

        string? meant = Suggestion.Nearest(keyword.Text, Keywords);
        problems.Report(Rules.UnknownKeyword, keyword.Span, keyword.Text, Suggestion.For(keyword.Text, Keywords));
        if (meant != null)
        {
            return Read(cursor, keyword with { Text = meant }, docs);
        }

        string name = cursor.Current.Kind == TokenKind.Word ? cursor.Current.Text : "";
        cursor.Fail();
        return new SectionSyntax(keyword, nothing, docs) { UnreadableName = name };
    }
}
