using System.Collections.Generic;
using System.Globalization;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>The part of docs/PROTOCOL.md about types: what is declared, and what the language has.</summary>
internal sealed class TypePagesWriter(Markdown page, SpecModel spec)
{
    public void Write()
    {
        page.Heading(2, "Types");
        page.Table(
            ["of the language", "is"],
            [
                ["whole number", "decimal, perhaps with `-` before it, of at most 64 bits"],
                ["seconds", "the same, a duration"],
                ["second of the clock", "the same, of CLOCK_MONOTONIC, which begins when the machine does"],
                ["signal", "`SIGTERM`, `TERM` or, where it is sent, a number from 0 to 65535"],
            ]);
        foreach (DeclaredTypeModel type in spec.Manual.Types)
        {
            Begin("type", type.Name);
            page.Block(type.Base == "name" ? Form(type) : "A number" + Range(type) + ".");
            var rows = new List<string[]>();
            foreach (ErrorModel error in spec.Errors)
            {
                if (error.Name.StartsWith(type.Name + ".", System.StringComparison.Ordinal))
                {
                    rows.Add([Markdown.Code(Wire.Text(error.Pieces)), ErrorProse.Of(error.Name, spec.Docs)]);
                }
            }

            page.Table(["error", "when"], rows);
        }

        foreach (EnumModel @enum in spec.Enums)
        {
            Begin("enum", @enum.Name);
            page.Table(["word", "means"], Words(@enum));
        }

        foreach (SetModel set in spec.Sets)
        {
            Begin("set", set.Name);
            page.Table(["word", "means"], SetWords(set));
        }
    }

    private void Begin(string keyword, string name)
    {
        page.Heading(3, "<a id=\"type-" + name + "\"></a>" + name);
        page.Block(Markdown.FromSpec(spec.Docs[keyword + " " + name]));
    }

    private static string Form(DeclaredTypeModel type) =>
        Number(type.Least ?? 1) + " to " + Number(type.Most ?? 1) + " of `A-Z a-z 0-9 . _ -`.";

    private static string Range(DeclaredTypeModel type) =>
        (type.Least is { } least ? " from " + Number(least) : "")
        + (type.Most is { } most ? " to " + Number(most) : "");

    private List<string[]> Words(EnumModel @enum)
    {
        var rows = new List<string[]>();
        foreach (string word in @enum.Words)
        {
            string docs = Markdown.FromSpec(spec.Docs["enum " + @enum.Name + "/" + word]);
            rows.Add([Markdown.Code(word), LifecycleText.Inline(docs, @enum.LifecycleOf(word))]);
        }

        return rows;
    }

    private List<string[]> SetWords(SetModel set)
    {
        var rows = new List<string[]>();
        foreach (SetWordModel word in set.Words)
        {
            var means = new List<string>();
            string docs = Markdown.FromSpec(spec.Docs["set " + set.Name + "/" + word.Name]);
            if (docs.Length > 0)
            {
                means.Add(docs);
            }

            if (word.Value is { } value)
            {
                means.Add(About(value));
            }

            if (word.Implies.Count > 0)
            {
                means.Add("Implies `" + string.Join("`, `", word.Implies) + "`.");
            }

            if (word.Clears.Count > 0)
            {
                means.Add("Undoes `" + string.Join("`, `", word.Clears) + "` before it.");
            }

            rows.Add([Markdown.Code(word.Name), LifecycleText.Inline(string.Join(" ", means), word.Lifecycle)]);
        }

        return rows;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string About(SetValueModel value)
    {
        string bounds = " from " + value.Notation(value.Least) + " to " + value.Notation(value.Most);
        string what = value.Kind switch
        {
            SetValueKind.Integer => "A number" + bounds,
            SetValueKind.Octal => "An octal number" + bounds,
            _ => "A text of " + Number(value.Least) + " to " + Number(value.Most) + " bytes without a comma",
        };
        return value.Default is { } number
            ? what + " may follow, behind `=`; " + value.Notation(number) + " without one."
            : what + " follows, behind `=`.";
    }
}
