using System.Text;
using Daemonproxy.Generators.Problems;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Reading;

/// <summary>Cuts one line into tokens. Blanks separate and mean nothing else.</summary>
internal sealed class Lexer(string text, int start, int end, ProblemBag problems)
{
    private int _position = start;

    /// <summary>True if a token was malformed, which has been reported.</summary>
    public bool Failed { get; private set; }

    public Token Next()
    {
        while (_position < end && text[_position] == ' ')
        {
            _position++;
        }

        if (_position >= end)
        {
            return new Token(TokenKind.End, "", new TextSpan(end, 0));
        }

        char c = text[_position];
        return c == '"' ? QuotedText()
            : IsEllipsis(_position) ? Symbol(3)
            : IsWordCharacter(c) ? Word()
            : c is ':' or ',' or '|' or '[' or ']' or '=' or '?' ? Symbol(1)
            : Unexpected();
    }

    private bool IsEllipsis(int position) =>
        position + 3 <= end && string.CompareOrdinal(text, position, "...", 0, 3) == 0;

    private static bool IsWordCharacter(char c) =>
        c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-' or '.';

    private Token Symbol(int length)
    {
        var span = new TextSpan(_position, length);
        _position += length;
        return new Token(TokenKind.Symbol, text.Substring(span.Start, length), span);
    }

    private Token Word()
    {
        int first = _position;
        while (_position < end && IsWordCharacter(text[_position]) && !IsEllipsis(_position))
        {
            _position++;
        }

        return new Token(
            TokenKind.Word, text.Substring(first, _position - first), TextSpan.FromBounds(first, _position));
    }

    private Token QuotedText()
    {
        int first = _position++;
        var value = new StringBuilder();
        while (_position < end && text[_position] != '"')
        {
            if (text[_position] == '\\')
            {
                Escape(value);
            }
            else
            {
                value.Append(text[_position++]);
            }
        }

        if (_position >= end)
        {
            if (!Failed)
            {
                problems.Report(Rules.UnterminatedText, TextSpan.FromBounds(first, end));
            }

            Failed = true;
            return new Token(TokenKind.Text, value.ToString(), TextSpan.FromBounds(first, end));
        }

        _position++;
        return new Token(TokenKind.Text, value.ToString(), TextSpan.FromBounds(first, _position));
    }

    private void Escape(StringBuilder value)
    {
        char escaped = _position + 1 < end ? text[_position + 1] : '\0';
        if (escaped is '"' or '\\')
        {
            value.Append(escaped);
            _position += 2;
            return;
        }

        if (_position + 1 < end)
        {
            Failed = true;
            problems.Report(Rules.UnknownEscape, new TextSpan(_position, 2), text.Substring(_position, 2));
        }

        _position = System.Math.Min(_position + 2, end);
    }

    private Token Unexpected()
    {
        Failed = true;
        int length = char.IsHighSurrogate(text[_position]) && _position + 1 < end ? 2 : 1;
        var span = new TextSpan(_position, length);
        problems.Report(Rules.UnexpectedCharacter, span, text.Substring(span.Start, length));
        _position = end;
        return new Token(TokenKind.End, "", span);
    }
}
