using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Reading;

/// <summary>The kind of a token.</summary>
internal enum TokenKind
{
    /// <summary>A name, keyword or number.</summary>
    Word,

    /// <summary>A quoted text; <see cref="Token.Text"/> is what it means, without quotes and escapes.</summary>
    Text,

    /// <summary>One of <c>: , | [ ] = ?</c> and <c>...</c>.</summary>
    Symbol,

    /// <summary>The line ends here.</summary>
    End,
}

/// <summary>A token and where it stands.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, TextSpan Span)
{
    public bool IsWord(string word) => Kind == TokenKind.Word && Text == word;

    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    /// <summary>Its name in problems.</summary>
    public override string ToString() => Kind == TokenKind.End ? "the end of the line" : "\"" + Text + "\"";
}
