using System.Globalization;
using Daemonproxy.Generators.Problems;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Reading;

/// <summary>
/// Walks the tokens of one line. After the first thing that is wrong it reports nothing more and gives empty tokens, so
/// that a line has one problem and the code that reads it no branches for failure.
/// </summary>
internal sealed class LineCursor
{
    private readonly string _text;
    private readonly int _end;
    private readonly Lexer _lexer;
    private readonly ProblemBag _problems;
    private bool _failed;

    public LineCursor(string text, int start, int end, ProblemBag problems)
    {
        _text = text;
        _end = end;
        _problems = problems;
        _lexer = new Lexer(text, start, end, problems);
        Current = _lexer.Next();
    }

    /// <summary>The token that would be taken next.</summary>
    public Token Current { get; private set; }

    /// <summary>True if this line has been found to be wrong.</summary>
    public bool Failed => _failed || _lexer.Failed;

    public bool AtEnd => Failed || Current.Kind == TokenKind.End;

    public Token Take()
    {
        Token token = Current;
        Current = AtEnd ? Current : _lexer.Next();
        return token;
    }

    /// <summary>Takes a keyword or a symbol if it is next.</summary>
    public bool TryTake(string text)
    {
        if (AtEnd || (!Current.IsWord(text) && !Current.IsSymbol(text)))
        {
            return false;
        }

        Take();
        return true;
    }

    public Token TakeWord(string expected) => TakeKind(TokenKind.Word, expected);

    public Token TakeText(string expected) => TakeKind(TokenKind.Text, expected);

    public void TakeSymbol(string symbol)
    {
        if (!TryTake(symbol))
        {
            Expected("\"" + symbol + "\"");
        }
    }

    /// <summary>A name: lower-case words joined by <c>-</c> or <c>_</c>, and where that is allowed by dots.</summary>
    public Token TakeName(string expected, bool dotted = false)
    {
        Token name = TakeWord(expected);
        if (!Failed && !Names.IsName(name.Text, dotted))
        {
            Fail();
            _problems.Report(Rules.MalformedName, name.Span, name.Text, dotted ? ", `_` or `.`" : " or `_`");
        }
        else if (name.Text.Length > Names.Longest)
        {
            Fail();
            _problems.Report(
                Rules.TooMany, name.Span, "a name", Names.Longest.ToString(CultureInfo.InvariantCulture), "characters");
        }

        return name;
    }

    /// <summary>A number that fits 32 bits.</summary>
    public (Token Token, int Value) TakeNumber(string expected)
    {
        Token token = TakeWord(expected);
        int value = 0;
        if (!Failed && !int.TryParse(
            token.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            Fail();
            _problems.Report(
                Rules.NotANumber, token.Span, token.Text, int.MaxValue.ToString(CultureInfo.InvariantCulture));
        }

        return (token, value);
    }

    /// <summary>Reports that so many are too many, at the token that is one too many, and whether they are.</summary>
    public bool AreTooMany(int count, int most, string where, string what)
    {
        if (!Failed && count >= most)
        {
            Fail();
            _problems.Report(
                Rules.TooMany, Current.Span, where, most.ToString(CultureInfo.InvariantCulture), what);
        }

        return count >= most;
    }

    /// <summary>The unread rest of the line, unchanged.</summary>
    public Token TakeRemainder(string expected)
    {
        if (AtEnd)
        {
            return TakeWord(expected);
        }

        var span = TextSpan.FromBounds(Current.Span.Start, _end);
        Current = new Token(TokenKind.End, "", new TextSpan(_end, 0));
        return new Token(TokenKind.Word, _text.Substring(span.Start, span.Length), span);
    }

    public void ExpectEnd()
    {
        if (!AtEnd)
        {
            Expected("the end of the line");
        }
    }

    /// <summary>Reports what should be next; what is there may be one of the candidates, misspelt.</summary>
    public void Expected(string expected, params string[] candidates)
    {
        if (!Failed)
        {
            Fail();
            string suggestion = Suggestion.For(Current.Text, candidates);
            _problems.Report(Rules.Expected, Current.Span, expected, Current.ToString(), suggestion);
        }
    }

    /// <summary>The rest of the line is not looked at: the reader of a clause has reported what is wrong.</summary>
    public void Fail() => _failed = true;

    private Token TakeKind(TokenKind kind, string expected)
    {
        if (!Failed && Current.Kind == kind)
        {
            return Take();
        }

        Expected(expected);
        return new Token(kind, "", Current.Span);
    }
}
