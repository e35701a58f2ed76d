using System;
using System.IO;
using Daemonproxy.SpecTool;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>
/// The released protocol stays as controllers know it. Forbidden changes are in specs/bad, allowed ones in
/// specs/compatible.
/// </summary>
public sealed class Compatibility
{
    public static TheoryData<string> Names() => [.. Repository.SpecsIn("compatible")];

    internal static Driver Run(string released, string spec) =>
        Driver.Run(new SpecFile(spec), new SpecFile(released, SpecFile.Released));

    [Theory]
    [MemberData(nameof(Names))]
    public void IsNoProblem(string name)
    {
        BadSpec spec = BadSpec.Parse(Repository.SpecOf("compatible", name));
        Assert.NotNull(spec.Released);
        Assert.Equal("", spec.Expected);
        Assert.Empty(Run(spec.Released, spec.Text).Problems);
    }

    [Fact]
    public void TheRealSpecIsCompatibleWithItself() => Assert.Empty(Run(Repository.Spec, Repository.Spec).Problems);

    [Fact]
    public void TheRealSpecKeepsWhatIsReleased()
    {
        string released = File.ReadAllText(Path.Combine(Repository.Root, "commands.released.spec"));
        Assert.Empty(Run(released, Repository.Spec).Problems);
    }

    [Fact]
    public void UnderAHigherVersionABreakIsAWarning()
    {
        const string next = "# The next one.\nprotocol daemonproxy 2\n";
        var errors = Run(Repository.Spec, next.Replace('2', '1')).Problems;
        var warnings = Run(Repository.Spec, next).Problems;
        Assert.NotEmpty(errors);
        Assert.Equal(errors.Length, warnings.Length);
        Assert.All(
            warnings,
            warning => Assert.Equal(("DP0714", DiagnosticSeverity.Warning), (warning.Id, warning.Severity)));
    }

    [Fact]
    public void UnderAHigherVersionWhatWasDeprecatedMayGo()
    {
        const string next = "# The next one.\nprotocol example 2\n";
        const string released = "# The one.\nprotocol example 1\n\n# Old.\ncommand old\n  deprecated \"use new\"\n";
        Assert.Equal("DP0703", Assert.Single(Run(released, next.Replace('2', '1')).Problems).Id);
        Assert.Empty(Run(released, next).Problems);
    }

    /// <summary>One command after the other is taken out of the real spec: it is missed, and nothing else.</summary>
    [Fact]
    public void EveryCommandIsMissed()
    {
        foreach (string part in Repository.Spec.Split("\ncommand ")[1..])
        {
            string name = part[..part.IndexOf('\n', StringComparison.Ordinal)];
            int end = part.IndexOf("\n\n", StringComparison.Ordinal);
            string declaration = "\ncommand " + part[..end];
            string without = Repository.Spec.Replace(declaration, "", StringComparison.Ordinal);
            Diagnostic problem = Assert.Single(Run(Repository.Spec, without).Problems);
            Assert.Equal("DP0703", problem.Id);
            Assert.Contains($"the command \"{name}\"", problem.GetMessage(null), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AReleasedSpecThatIsWrongIsAProblemThere()
    {
        Diagnostic problem = Assert.Single(Run("# X.\nprotocol x 1\n\n# Y.\nlimmit y 3\n", Repository.Spec).Problems);
        Assert.Equal("DP0701", problem.Id);
        Assert.Equal(SpecFile.Released, problem.Location.GetLineSpan().Path);
        Assert.Equal(4, problem.Location.GetLineSpan().StartLinePosition.Line);
        Assert.Contains("did you mean \"limit\"?", problem.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void TwoReleasedSpecsAreAProblem()
    {
        SpecFile one = new(Repository.Spec, "/one/commands.released.spec");
        SpecFile two = new(Repository.Spec, "/two/commands.released.spec");
        Diagnostic problem = Assert.Single(Driver.Run(new SpecFile(Repository.Spec), one, two).Problems);
        Assert.Contains("one commands.released.spec", problem.GetMessage(null), StringComparison.Ordinal);
    }
}
