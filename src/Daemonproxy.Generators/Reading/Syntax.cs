using System.Collections.Generic;

namespace Daemonproxy.Generators.Reading;

/// <summary>A declaration as it stands in the file: tokens with their places, nothing looked up yet.</summary>
internal abstract class DeclarationSyntax(Token keyword, Token name, string docs)
{
    public Token Keyword { get; } = keyword;

    public Token Name { get; } = name;

    public string Docs { get; } = docs;

    /// <summary>The key of its documentation: <c>command service.start</c>.</summary>
    public string Key => Keyword.Text + " " + Name.Text;

    /// <summary>True if something in it could not be read; names in it still count as declared.</summary>
    public bool IsBroken { get; set; }

    /// <summary>The name, when nothing but that could be read: what refers to it is no further problem.</summary>
    public string UnreadableName { get; init; } = "";

    /// <summary>True if it has more members than it can have, which has been reported.</summary>
    public bool IsFull { get; set; }
}

/// <summary><c>protocol daemonproxy 1</c>.</summary>
internal sealed class ProtocolSyntax(Token keyword, Token name, string docs, Token number, int version)
    : DeclarationSyntax(keyword, name, docs)
{
    public Token Number { get; } = number;

    public int Version { get; } = version;
}

/// <summary><c>limit line 4096</c>.</summary>
internal sealed class LimitSyntax(Token keyword, Token name, string docs, Token number, int value)
    : DeclarationSyntax(keyword, name, docs)
{
    public Token Number { get; } = number;

    public int Value { get; } = value;
}

/// <summary><c>section services</c>, a heading; also what could not be read at all.</summary>
internal sealed class SectionSyntax(Token keyword, Token name, string docs) : DeclarationSyntax(keyword, name, docs);

/// <summary><c>type service: name[1:31]</c> and its texts.</summary>
internal sealed class TypeSyntax(Token keyword, Token name, string docs, ElementSyntax @base)
    : DeclarationSyntax(keyword, name, docs)
{
    public ElementSyntax Base { get; } = @base;

    public List<TypeTextSyntax> Members { get; } = [];
}

/// <summary><c>missing "Expected a name"</c>, with the number of the error if it says one.</summary>
internal sealed record TypeTextSyntax(Token Name, (Token Token, int Value)? Number, Token Text);

/// <summary><c>enum log-level</c> and its words.</summary>
internal sealed class EnumSyntax(Token keyword, Token name, string docs) : DeclarationSyntax(keyword, name, docs)
{
    public List<(Token Name, string Docs, LifecycleSyntax Lifecycle)> Words { get; } = [];
}

/// <summary><c>set file-flag</c> and its words.</summary>
internal sealed class SetSyntax(Token keyword, Token name, string docs) : DeclarationSyntax(keyword, name, docs)
{
    public List<SetWordSyntax> Words { get; } = [];
}

/// <summary><c>truncate = implies trunc</c>.</summary>
internal sealed record SetWordSyntax(
    Token Name, string Docs, ElementSyntax? Value, Token? Default, List<Token> Implies, List<Token> Clears, Token? Else)
{
    public LifecycleSyntax Lifecycle { get; init; } = new();

    /// <summary>True if it stands for other words and is never printed.</summary>
    public bool IsAbbreviation => Implies.Count > 0 && Value == null;
}

/// <summary><c>error</c>, <c>warning</c>, <c>info</c> or <c>log</c> with its text.</summary>
internal sealed class MessageSyntax(Token keyword, Token name, string docs, Token text)
    : DeclarationSyntax(keyword, name, docs)
{
    public Token Text { get; } = text;

    /// <summary>The level of a log message.</summary>
    public Token? Level { get; init; }

    /// <summary>The number of an error, if it says one.</summary>
    public (Token Token, int Value)? Number { get; init; }
}

/// <summary><c>since 2</c> and <c>deprecated "use x"</c>.</summary>
internal sealed class LifecycleSyntax
{
    public (Token Number, int Version)? Since { get; set; }

    public Token? Deprecated { get; set; }
}

/// <summary>A declaration with fields.</summary>
internal abstract class FieldsSyntax(Token keyword, Token name, string docs) : DeclarationSyntax(keyword, name, docs)
{
    public List<FieldSyntax> Fields { get; } = [];

    public LifecycleSyntax Lifecycle { get; } = new();
}

/// <summary><c>command service.start</c>, its fields and what else is said of it.</summary>
internal sealed class CommandSyntax(Token keyword, Token name, string docs) : FieldsSyntax(keyword, name, docs)
{
    /// <summary>The word of the enum <c>right</c>.</summary>
    public Token? Needs { get; set; }

    public List<Token> Fails { get; } = [];

    public List<(Token Event, Token? Number, int Times)> Emits { get; } = [];

    public List<Token> Streams { get; } = [];

    public Token? Extra { get; set; }

    /// <summary>True if the handler looks for further fields, after everything else.</summary>
    public bool ExtraIsLast { get; set; }

    /// <summary>The word <c>takes</c>.</summary>
    public Token? Takes { get; set; }

    /// <summary>The error when there is no descriptor to take.</summary>
    public Token? TakesElse { get; set; }
}

/// <summary><c>event service.state</c>: fields, or a table of cases.</summary>
internal sealed class EventSyntax(Token keyword, Token name, string docs) : FieldsSyntax(keyword, name, docs)
{
    /// <summary>The word <c>cases</c>, when it is a table.</summary>
    public Token? Cases { get; set; }

    public List<Token> Headings { get; } = [];

    public List<(Token Name, List<CellSyntax> Cells)> Rows { get; } = [];
}

/// <summary><c>option config c</c> and the field of its value.</summary>
internal sealed class OptionSyntax(Token keyword, Token name, string docs, Token? @short, bool repeats)
    : FieldsSyntax(keyword, name, docs)
{
    public Token? Short { get; } = @short;

    public bool Repeats { get; } = repeats;
}
