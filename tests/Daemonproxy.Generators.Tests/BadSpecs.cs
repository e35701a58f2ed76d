using System;
using System.Collections.Generic;
using System.Text;
using Daemonproxy.Generators.Problems;
using Daemonproxy.SpecTool;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>
/// Each spec in specs/bad has one fault and is named after it: what it says above the faulty line is reported there,
/// and nothing else. What is generated all the same can be read by the C# compiler.
/// </summary>
public sealed class BadSpecs
{
    public static TheoryData<string> Names() => [.. Repository.SpecsIn("bad")];

    [Theory]
    [MemberData(nameof(Names))]
    public void ABadSpecIsReportedExactly(string name)
    {
        BadSpec bad = BadSpec.Parse(Repository.SpecOf("bad", name));
        string spec = bad.Text;
        Driver driver = bad.Released is { } released ? Compatibility.Run(released, spec) : Driver.Run(spec);
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

        Assert.Equal(bad.Expected, reported.ToString(), ignoreLineEndingDifferences: true);
        foreach (GeneratedSourceResult source in driver.Result.GeneratedSources)
        {
            Assert.Empty(CSharpSyntaxTree.ParseText(source.SourceText).GetDiagnostics());

            // Where a project keeps what is generated, each becomes a file.
            Assert.InRange(source.HintName.Length, 1, 255);
        }
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
        missing.ExceptWith(["DP0001", "DP0002", "DP0003", "DP0013", "DP0701"]);
        Assert.Empty(missing);
    }
}
