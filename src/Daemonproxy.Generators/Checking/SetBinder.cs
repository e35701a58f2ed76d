using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Checks <c>set</c> and makes its models.</summary>
internal sealed class SetBinder(Scope scope, ErrorLookup errors)
{
    private const int MostWords = 32;

    // 60 bits, and more than any line has.
    private const int MostOctalDigits = 20;
    private const long MostTextBytes = 65536;

    public List<SetModel> Bind()
    {
        var sets = new List<SetModel>();
        foreach (SetSyntax set in scope.Of<SetSyntax>())
        {
            var words = new List<SetWordModel>();
            var names = new UniqueNames(scope.Problems, "word", "none");
            foreach (SetWordSyntax word in set.Words)
            {
                names.Add(word.Name);
                EquatableArray<string> implied = Others(set, word, word.Implies, "implied");
                words.Add(new SetWordModel(word.Name.Text, implied, Cleared(set, word), Value(set, word))
                {
                    Lifecycle = LifecycleBinder.Bind(scope, word.Lifecycle),
                });
            }

            int bits = words.FindAll(word => !word.IsAbbreviation).Count;
            WordCount.Check(scope.Problems, set, words.Count, bits, MostWords);
            sets.Add(new SetModel(set.Name.Text, new EquatableArray<SetWordModel>(words)));
        }

        return sets;
    }

    // What a word undoes of those before it; to undo what it implies itself would be a riddle.
    private EquatableArray<string> Cleared(SetSyntax set, SetWordSyntax word)
    {
        foreach (Token name in word.Clears)
        {
            if (word.Implies.Exists(implied => implied.Text == name.Text))
            {
                scope.Problems.Report(Rules.ImpliedAndCleared, name.Span, name.Text);
            }
        }

        return Others(set, word, word.Clears, "cleared");
    }

    // What a word implies or clears has a bit of its own, so that nothing does that to itself.
    private EquatableArray<string> Others(SetSyntax set, SetWordSyntax word, List<Token> named, string what)
    {
        var others = new List<string>();
        var once = new UniqueNames(scope.Problems, "word");
        foreach (Token name in named)
        {
            if (name.Text.Length == 0)
            {
                continue;
            }

            once.Add(name);
            SetWordSyntax? target = set.Words.Find(other => other.Name.Text == name.Text);
            if (target != null && target != word && !target.IsAbbreviation)
            {
                others.Add(name.Text);
                continue;
            }

            var candidates = new List<string>();
            set.Words.FindAll(other => other != word && !other.IsAbbreviation)
                .ForEach(other => candidates.Add(other.Name.Text));
            scope.Problems.Report(
                Rules.UnknownSetWord, name.Span, name.Text, set.Name.Text, what,
                Suggestion.For(name.Text, candidates));
        }

        return new EquatableArray<string>(others);
    }

    /// <summary>True if the value of a word is a text.</summary>
    public static bool IsText(ElementSyntax? value) => value?.Token.IsWord("text") == true;

    // integer[LEAST:MOST] default NUMBER else ERROR, octal[LEAST:MOST] …, text[LEAST:MOST] else ERROR
    private SetValueModel? Value(SetSyntax set, SetWordSyntax word)
    {
        if (word.Value is not { } value)
        {
            if ((word.Default ?? word.Else) is { } useless)
            {
                string clause = word.Default != null ? "default" : "else";
                scope.Problems.Report(Rules.ClauseNotHere, useless.Span, clause, "the word has no value");
            }

            return null;
        }

        if (KindOf(value) is not { } kind || value.Options.Count != 1
            || value.Options[0] is not { IsRange: true, Last: { } last } range)
        {
            if (!set.IsBroken)
            {
                scope.Problems.Report(Rules.MalformedWordValue, value.Span);
            }

            return null;
        }

        long? least = Bound(kind, range.First);
        long? most = Bound(kind, last);
        if (least > most)
        {
            scope.Problems.Report(Rules.EmptyRange, range.Span, range.ToString());
        }

        long? number = Default(kind, word.Default);
        if (number < least || number > most)
        {
            scope.Problems.Report(Rules.DefaultNeeded, word.Default!.Value.Span, word.Name.Text);
        }

        if (word.Else == null)
        {
            scope.Problems.Report(Rules.ElseNeeded, value.Span, value.ToString());
        }

        ErrorReference? error = word.Else == null ? null : errors.Reference(word.Else.Value, tellsWord: true);
        return error == null || least == null || most == null
            ? null
            : new SetValueModel(kind, least.Value, most.Value, number, error);
    }

    private static SetValueKind? KindOf(ElementSyntax value) => value switch
    {
        { IsLiteral: true } => null,
        { Token.Text: "integer" } => SetValueKind.Integer,
        { Token.Text: "octal" } => SetValueKind.Octal,
        { Token.Text: "text" } => SetValueKind.Text,
        _ => null,
    };

    private long? Default(SetValueKind kind, Token? @default)
    {
        if (@default is { } token && kind == SetValueKind.Text)
        {
            scope.Problems.Report(Rules.ClauseNotHere, token.Span, "default", "the value is a text");
            return null;
        }

        return @default == null ? null : Bound(kind, @default.Value);
    }

    // A number of an octal one is octal itself. A text has no fewer than 0 bytes, and not more than can be counted.
    private long? Bound(SetValueKind kind, Token token)
    {
        if (kind == SetValueKind.Octal && token.Text.Trim('0', '1', '2', '3', '4', '5', '6', '7').Length == 0)
        {
            return token.Text.Length > MostOctalDigits ? Wrong() : System.Convert.ToInt64(token.Text, 8);
        }

        long? number = scope.Number(token);
        return kind switch
        {
            SetValueKind.Octal when Scope.IsLimit(token) => number,
            SetValueKind.Octal => number == null ? null : Wrong(),
            SetValueKind.Text when number is < 0 or > MostTextBytes => Wrong(),
            _ => number,
        };

        long? Wrong()
        {
            scope.Problems.Report(
                Rules.NoBound, token.Span, token.Text, kind == SetValueKind.Octal
                    ? "an octal number has up to 20 of the digits 0 to 7" : "a text has from 0 to 65536 bytes");
            return null;
        }
    }
}
