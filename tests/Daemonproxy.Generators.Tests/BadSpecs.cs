using System;
using System.Collections.Generic;
using System.Text;
using Daemonproxy.Generators.Problems;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>
/// Each spec in specs/bad has one fault and is named after it. Directly above the faulty line stands what must be
/// reported there, and nothing else may be:
/// <c>#! DP0110 [names] a list field must be the last</c>: the rule, in brackets the text that is underlined, and the
/// message. Such lines are taken out before the spec is read. <c>\t</c>, <c>\r</c> and <c>\b</c> in angle brackets
/// stand for a TAB, a CR and a blank at the end of a line, which an editor might remove. What stands above a line
/// <c>#! released</c> is the spec as it was released.
/// </summary>
public sealed class BadSpecs
{
    public static TheoryData<string> Names() => [.. Repository.SpecsIn("bad")];

    [Theory]
    [MemberData(nameof(Names))]
    public void IsReportedExactly(string name)
    {
        (string? released, string text) = Compatibility.Split(Repository.SpecOf("bad", name));
        string spec = Strip(text, out string expected);
        Driver driver = released == null ? Driver.Run(spec) : Compatibility.Run(released, spec);
        string[] lines = spec.Split('\n');
        var reported = new StringBuilder();
        foreach (Diagnostic problem in driver.Problems)
        {
            FileLinePositionSpan place = problem.Location.GetLineSpan();
            string line = lines[place.StartLinePosition.Line];
            Assert.Equal(place.StartLinePosition.Line, place.EndLinePosition.Line);
            Assert.Equal("/project/commands.spec", place.Path);
            Assert.Equal(
                line[place.StartLinePosition.Character..place.EndLinePosition.Character],
                spec.Substring(problem.Location.SourceSpan.Start, problem.Location.SourceSpan.Length));
            string underlined = line[place.StartLinePosition.Character..place.EndLinePosition.Character];
            reported.Append(
                $"{place.StartLinePosition.Line + 1}: {problem.Id} [{underlined}] {problem.GetMessage(null)}\n");
        }

        Assert.Equal(expected, reported.ToString(), ignoreLineEndingDifferences: true);
        Assert.Empty(driver.Result.GeneratedSources);
    }

    [Fact]
    public void EveryRuleHasOne()
    {
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (System.Reflection.FieldInfo rule in typeof(Rules).GetFields())
        {
            missing.Add(((DiagnosticDescriptor)rule.GetValue(null)!).Id);
        }

        foreach (string name in Repository.SpecsIn("bad"))
        {
            foreach (string line in Repository.SpecOf("bad", name).Split('\n'))
            {
                if (line.StartsWith("#! ", StringComparison.Ordinal))
                {
                    missing.Remove(line.Split(' ')[1]);
                }
            }
        }

        // Those of no file, or of more than one, are in SpecFiles.
        missing.ExceptWith(["DP0001", "DP0002", "DP0003", "DP0701"]);
        Assert.Empty(missing);
    }

    // Takes the expectations out of the text, and gives them as they will be reported.
    private static string Strip(string text, out string expected)
    {
        var spec = new List<string>();
        var reports = new StringBuilder();
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith("#! ", StringComparison.Ordinal))
            {
                reports.Append($"{spec.Count + 1}: {Visible(line[3..])}\n");
            }
            else
            {
                spec.Add(Visible(line));
            }
        }

        expected = reports.ToString();
        return string.Join('\n', spec);
    }

    private static string Visible(string line) => line
        .Replace("<\\t>", "\t", StringComparison.Ordinal)
        .Replace("<\\r>", "\r", StringComparison.Ordinal)
        .Replace("<\\b>", " ", StringComparison.Ordinal);
}
