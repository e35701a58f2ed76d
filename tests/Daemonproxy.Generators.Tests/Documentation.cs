using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Daemonproxy.Generators.Problems;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>docs/SPEC.md and docs/PROBLEMS.md tell the truth, and all of it.</summary>
public sealed class Documentation
{
    private static string Problems { get; } = Read("docs/PROBLEMS.md");

    private static string Template { get; } = Read("docs/PROBLEMS.md.in");

    private readonly string _text = Read("docs/SPEC.md");

    [Fact]
    public void EveryRuleIsExplainedWithAnExample()
    {
        foreach (FieldInfo field in typeof(Rules).GetFields())
        {
            var rule = (DiagnosticDescriptor)field.GetValue(null)!;
            string title = rule.Title.ToString(CultureInfo.InvariantCulture);
            string[] parts = Problems.Split($"\n### {rule.Id}: {title}\n");
            Assert.True(parts.Length == 2, rule.Id);
            string entry = parts[1].Split("\n### ")[0];
            Assert.Contains("\n**Syntax.**", entry, StringComparison.Ordinal);
            Assert.Contains("\n**Example.**", entry, StringComparison.Ordinal);
            string severity = rule.DefaultSeverity == DiagnosticSeverity.Error ? "error" : "warning";
            Assert.Contains($"{severity} {rule.Id}: ", entry, StringComparison.Ordinal);
            Assert.Equal("docs/PROBLEMS.md#" + rule.Id.ToLowerInvariant(), rule.HelpLinkUri);
            Assert.Contains($"<a id=\"{rule.Id.ToLowerInvariant()}\"></a>", Problems, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("### DP0004\n", "### DP9999\n", "DP9999 is no rule")]
    [InlineData("### DP0005\n", "### DP0004\n", "DP0004 is no rule, or explained twice")]
    [InlineData("example: tab\n", "", "DP0004 needs")]
    [InlineData("example: tab\n", "example: trailing-blanks\n", "the example of DP0004")]
    [InlineData("grammar: spec\n", "grammar: specc\n", "the grammar has no \"specc\"")]
    [InlineData("grammar: spec\n", "", "DP0101 needs")]
    public void ARuleThatIsNotExplainedIsNoticed(string before, string after, string problem)
    {
        Assert.Contains(before, Template, StringComparison.Ordinal);
        string edited = Template.Replace(before, after, StringComparison.Ordinal);
        InvalidDataException thrown = Assert.Throws<InvalidDataException>(() => Make(edited));
        Assert.StartsWith(problem, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARuleThatIsLeftOutIsNoticed()
    {
        int start = Template.IndexOf("### DP0004\n", StringComparison.Ordinal);
        int end = Template.IndexOf("### DP0005\n", StringComparison.Ordinal);
        string edited = Template.Remove(start, end - start);
        InvalidDataException thrown = Assert.Throws<InvalidDataException>(() => Make(edited));
        Assert.Equal("not explained: DP0004", thrown.Message);
    }

    [Fact]
    public void EveryKeywordAndTypeIsDescribed()
    {
        foreach (string type in Checking.BaseTypes.All.Keys)
        {
            Assert.Contains("`" + type, _text, StringComparison.Ordinal);
        }

        foreach (string keyword in Reading.DeclarationReader.Keywords)
        {
            Assert.True(_text.Contains("\n    " + keyword + " ", StringComparison.Ordinal), keyword);
        }
    }

    /// <summary>The exit codes are not in the spec, so that somebody has to compare them.</summary>
    [Fact]
    public void TheManualPageHasTheExitCodes()
    {
        string code = Read("src/Daemonproxy/Shutdown/ExitCode.cs");
        string page = Read("docs/daemonproxy.8.in").Split(".SH EXIT STATUS\n")[1].Split("\n.PP\n")[0];
        string[] codes = [.. Regex.Matches(code, "const int \\w+ = ([0-9]+);").Select(found => found.Groups[1].Value)];
        string[] listed = [.. Regex.Matches(page, "(?m)^\\.B ([0-9]+)$").Select(found => found.Groups[1].Value)];
        Assert.NotEmpty(codes);
        Assert.Equal(codes, listed);
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    private static string Make(string template) => new SpecTool.Repository(Repository.Root).MakeProblemsPage(template);
}
