using System.Collections.Generic;
using System.Globalization;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Checking;

/// <summary>Everything that the spec declares, by kind and name, and what the other checks look up there.</summary>
internal sealed class Scope
{
    private const string LimitPrefix = "limit.";
    private readonly HashSet<string> _told = [];

    public Scope(List<DeclarationSyntax> declarations, ProblemBag problems)
    {
        Problems = problems;
        Declarations = declarations;
        foreach (DeclarationSyntax declaration in declarations)
        {
            if (declaration.Name.Text.Length > 0 && !Declare(declaration))
            {
                problems.Report(
                    Rules.DuplicateDeclaration, declaration.Name.Span, declaration.Keyword.Text, declaration.Name.Text);
            }
        }
    }

    public ProblemBag Problems { get; }

    /// <summary>All of them, in the order of the file.</summary>
    public List<DeclarationSyntax> Declarations { get; }

    public Dictionary<string, LimitSyntax> Limits { get; } = [];

    /// <summary>The types and enums by which a field can be declared.</summary>
    public Dictionary<string, DeclarationSyntax> Types { get; } = [];

    public Dictionary<string, SetSyntax> Sets { get; } = [];

    public Dictionary<string, DeclarationSyntax> Others { get; } = [];

    public ProtocolSyntax? Protocol { get; private set; }

    /// <summary>The number of a limit that something in the spec depends on; 0, and a problem, without it.</summary>
    public int Limit(string name, TextSpan user)
    {
        if (Limits.TryGetValue(name, out LimitSyntax? limit))
        {
            return limit.Value;
        }

        if (TellsUnknown("needed limit", name))
        {
            Problems.Report(Rules.LimitNeeded, user, name);
        }

        return 0;
    }

    /// <summary>
    /// Decides whether to report a name that is not declared: the first time, unless a declaration that could not be
    /// read may have it.
    /// </summary>
    public bool TellsUnknown(string kind, string name) =>
        name.Length > 0 && _told.Add(kind + " " + name) && !Declarations.Exists(declaration =>
            declaration.IsBroken && (IsPart(declaration.UnreadableName, name) || IsPart(declaration.Name.Text, name)));

    /// <summary>Declarations of one kind, in the order of the file.</summary>
    public IEnumerable<T> Of<T>()
        where T : DeclarationSyntax
    {
        foreach (DeclarationSyntax declaration in Declarations)
        {
            if (declaration is T wanted && declaration.Name.Text.Length > 0)
            {
                yield return wanted;
            }
        }
    }

    /// <summary>The documentation comments of all declarations and members.</summary>
    public Documentation Documentation()
    {
        var entries = new List<DocumentationEntry>();
        foreach (DeclarationSyntax declaration in Declarations)
        {
            Add(declaration.Key, declaration.Docs);
            switch (declaration)
            {
                case EnumSyntax @enum:
                    @enum.Words.ForEach(word => Add(declaration.Key + "/" + word.Name.Text, word.Docs));
                    break;
                case SetSyntax set:
                    set.Words.ForEach(word => Add(declaration.Key + "/" + word.Name.Text, word.Docs));
                    break;
                case FieldsSyntax fields:
                    fields.Fields.ForEach(field => Add(declaration.Key + "/" + field.Name.Text, field.Docs));
                    break;
            }
        }

        return new Documentation(new EquatableArray<DocumentationEntry>(entries));

        void Add(string key, string text)
        {
            if (text.Length > 0)
            {
                entries.Add(new DocumentationEntry(key, text));
            }
        }
    }

    /// <summary>The number of a range's end, which may be a limit's; null, and a problem, when it is none.</summary>
    public long? Number(Token token)
    {
        long? number = FindNumber(token);
        if (number == null && token.Text.StartsWith(LimitPrefix, System.StringComparison.Ordinal))
        {
            string name = token.Text.Substring(LimitPrefix.Length);
            if (!TellsUnknown("limit", name))
            {
                return null;
            }

            Problems.Report(Rules.UnknownLimit, token.Span, name, Suggestion.For(name, Limits.Keys));
        }
        else if (number == null)
        {
            Problems.Report(
                Rules.NotANumber, token.Span, token.Text, long.MaxValue.ToString(CultureInfo.InvariantCulture));
        }

        return number;
    }

    /// <summary>True if a number is that of a limit.</summary>
    public static bool IsLimit(Token token) => token.Text.StartsWith(LimitPrefix, System.StringComparison.Ordinal);

    /// <summary>The same, without a problem.</summary>
    public long? FindNumber(Token token)
    {
        if (long.TryParse(
            token.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            return number;
        }

        return token.Text.StartsWith(LimitPrefix, System.StringComparison.Ordinal)
            && Limits.TryGetValue(token.Text.Substring(LimitPrefix.Length), out LimitSyntax? limit)
            ? limit.Value
            : null;
    }

    private bool Declare(DeclarationSyntax declaration)
    {
        string name = declaration.Name.Text;
        switch (declaration)
        {
            case ProtocolSyntax protocol:
                bool isFirst = Protocol == null;
                Protocol ??= protocol;
                return isFirst;
            case LimitSyntax limit:
                return TryAdd(Limits, name, limit);
            case TypeSyntax or EnumSyntax:
                return IsReserved(declaration) || TryAdd(Types, name, declaration);
            case SetSyntax set:
                return TryAdd(Sets, name, set);
            default:
                return TryAdd(Others, declaration.Key, declaration);
        }
    }

    // `service.state` of `service.state.up`. A name that is malformed may only differ by its capitals.
    private static bool IsPart(string declared, string name) =>
        declared.Length > 0
        && name.StartsWith(declared, System.StringComparison.OrdinalIgnoreCase)
        && (name.Length == declared.Length || name[declared.Length] == '.');

    private bool IsReserved(DeclarationSyntax type)
    {
        bool isReserved = BaseTypes.IsReserved(type.Name.Text);
        if (isReserved)
        {
            Problems.Report(Rules.ReservedWord, type.Name.Span, type.Name.Text, "type");
        }

        return isReserved;
    }

    private static bool TryAdd<T>(Dictionary<string, T> declared, string name, T declaration)
    {
        bool isNew = !declared.ContainsKey(name);
        if (isNew)
        {
            declared.Add(name, declaration);
        }

        return isNew;
    }
}
