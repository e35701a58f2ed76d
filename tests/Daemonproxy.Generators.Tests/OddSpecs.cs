using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>Specs that somebody found whose C# did not compile, in a project outside.</summary>
public sealed class OddSpecs
{
    private const string Head = "# P.\nprotocol p 1\n\n# L.\nlimit line 4096\n\n# L.\nlimit outbox 65536\n\n"
        + "# L.\nlimit error-text 200\n\n# E.\nerror missing-argument \"m\"\n\n# E.\nerror bad \"b\"\n\n"
        + "# E.\nerror unknown-flag \"f\"\n\n";

    private static readonly string _words =
        string.Join(", ", Enumerable.Range(0, 14).Select(number => $"word{number}"));

    public static TheoryData<string> Right() =>
    [
        // Backslashes before the quote, and places to break a line within a text.
        "# C.\ncommand c\n  a: \"\\\\\" | \"" + _words + "\"  else bad\n",
        "# E.\nerror e \"\\\\{a:text} " + _words + _words + _words + "\"\n\n# C.\ncommand c\n  fails e\n",
        "# O.\noption o\n  a: pool[7:65535, 32:4096] | \"" + new string('w', 82) + "\"  else bad\n",

        // A set that has a text, before a comma.
        "# S.\nset s\n  a = text[0:9] else bad\n\n# E.\nevent ew\n  cases x\n  y set[s], \"z\"\n\n"
            + "# C.\ncommand c\n  s: set[s]\n",

        // An answer that is deprecated, of a command that is not.
        "# E.\nevent old\n  deprecated \"no\"\n  a: text\n\n# C.\ncommand c\n  a: text\n  emits old\n",
    ];

    [Theory]
    [MemberData(nameof(Right))]
    public void ItsCSharpCompiles(string declarations)
    {
        foreach (string product in (string[])["server", "client"])
        {
            Driver driver = Driver.Run(Project.Outside(product), Head + declarations);
            Assert.DoesNotContain(driver.Problems, problem => problem.Severity == DiagnosticSeverity.Error);
            Compiled.SucceedsAlone(driver);
        }
    }

    [Theory]
    [InlineData("", "DP0101")]
    [InlineData("# C.\ncommand c\n  a: text\n\n# E.\nevent a\n  cases x\n", "DP0109")]
    [InlineData("# O.\noption 9p\n", "DP0106")]
    [InlineData("# C.\ncommand 1\n", "DP0106")]
    [InlineData("# L.\nlimit 1 4\n", "DP0106")]
    [InlineData("# E.\nerror 1st \"x\"\n", "DP0106")]
    [InlineData("# E.\nevent 1st\n  a: text\n", "DP0106")]
    [InlineData("# E.\nenum 1st\n  x\n", "DP0106")]
    [InlineData("# E.\nenum e\n  1st\n  x\n\n# C.\ncommand c\n  a: e  else bad\n", "DP0106")]
    [InlineData("# E.\nenum e\n  |\n  x\n\n# C.\ncommand c\n  a: e  else bad\n", "DP0102")]
    [InlineData("# E.\nevent a\n  cases x\n  ] integer\n  y integer\n\n# C.\ncommand c\n  a: text\n", "DP0102")]
    public void AMistakeInItIsNoErrorOfTheCompiler(string declarations, string rule)
    {
        foreach (string product in (string[])["server", "client"])
        {
            string spec = declarations.Length == 0 ? "protokol p 1\n" : Head + declarations;
            Driver driver = Driver.Run(Project.Outside(product), spec);
            Assert.Null(driver.Result.Exception);
            Assert.Contains(driver.Problems, problem => problem.Id == rule);
            Compiled.SucceedsAlone(driver);
        }
    }

    [Theory]
    [InlineData("a `word` here", "a `word` here")]
    [InlineData("a lone ` here", "a lone \\` here")]
    [InlineData("``` fence", "\\`\\`\\` fence")]
    [InlineData("# no heading\n| no table\n> no quotation", "\\# no heading\n\\| no table\n\\> no quotation")]
    public void ACommentStaysOneOnThePage(string comment, string page) =>
        Assert.Equal(page, SpecTool.Documents.Markdown.FromSpec(comment));

    [Fact]
    public void AClientTellsAnErrorFromOneThatItsTextIsLike()
    {
        Driver driver = Driver.Run(
            Project.Outside("client"),
            Head + "# A.\nerror a \"no {x:text}\"\n\n# B.\nerror b \"no room\"\n\n"
                + "# C.\nerror c \"no {x:text} here\"\n\n# D.\ncommand d\n  fails a b c\n");
        string source = driver.Sources();
        int exact = source.IndexOf("ErrorKind.B,", StringComparison.Ordinal);
        int longer = source.IndexOf("ErrorKind.C,", StringComparison.Ordinal);
        int shorter = source.IndexOf("ErrorKind.A,", StringComparison.Ordinal);
        Assert.InRange(exact, 1, longer);
        Assert.InRange(longer, exact, shorter);
    }
}
