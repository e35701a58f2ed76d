using System;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>
/// Somebody makes one mistake in the real spec: the spec compiler reports it once, and the C# compiler reports nothing
/// that is missing because of it.
/// </summary>
public sealed class OneMistake
{
    private const string NewCommand = "\n# New.\ncommand service.new\n  name: service\n";

    [Theory]
    [InlineData("\"-\" | instant ", "\"-\" | instnat ", "DP0201")]
    [InlineData("\nevent fd.state\n", "\nevnt fd.state\n", "DP0101")]
    [InlineData("\nevent fd.state\n", "\nstuff fd.state\n", "DP0101")]
    [InlineData("\nevent fd.state\n", "\nevent fd.stat\n", "DP0209")]
    [InlineData("\nevent fd.state\n", "\nevent\tfd.state\n", "DP0004")]
    [InlineData("\nevent fd.state\n", "\nevent fd.State\n", "DP0106")]
    [InlineData("\nenum log-level\n", "\nenum log-levle\n", "DP0214")]
    [InlineData("\nset pipe-flag\n", "\nset pipe-falg\n", "DP0203")]
    [InlineData("\nlimit line 4096\n", "\nlimit lien 4096\n", "DP0501")]
    [InlineData("\nlimit line 4096\n", "\nlimit line 4o96\n", "DP0107")]
    [InlineData("\n  full     \"", "\n  ful      \"", "DP0104")]
    [InlineData("fails none-pending", "fails none-pendig", "DP0206")]
    [InlineData("\nerror none-pending ", "\nerror none-pendig ", "DP0206")]
    [InlineData("none-pending       \"", "none-pending       ", "DP0102")]
    [InlineData("\ncommand service.start\n", "\ncommand service.strat\n", "DP0703")]
    [InlineData("\nsection services\n", "\nsecton services\n", "DP0101")]
    [InlineData("\nsection services\n", "\nsection services services\n", "DP0102")]
    [InlineData("\nprotocol daemonproxy 1\n", "\nprotocol daemonproxy 0\n", "DP0108")]
    [InlineData("\nprotocol daemonproxy 1\n", "\nprotokol daemonproxy 1\n", "DP0101")]
    [InlineData("\noption config c repeats\n", "\noption config config repeats\n", "DP0126")]
    [InlineData("\n\nsection events\n", NewCommand + "  tags: rset\n\nsection events\n", "DP0201")]
    [InlineData("\n\nsection events\n", NewCommand + NewCommand + "\nsection events\n", "DP0301")]
    public void AMistakeIsReportedOnce(string right, string wrong, string rule)
    {
        Driver driver = WholeProgram.Daemon.Run(Replace(right, wrong));
        Diagnostic problem = Assert.Single(driver.Problems);
        Assert.Equal(rule, problem.Id);
        Assert.Empty(WholeProgram.Daemon.NewErrors(driver, declarationsOnly: true));
    }

    /// <summary>Not even an editor, which looks at the bodies of methods too, underlines any C#.</summary>
    [Fact]
    public void IsNotReportedInTheBodiesOfMethods() => Assert.Empty(
        WholeProgram.Daemon.NewErrors(
            WholeProgram.Daemon.Run(Replace("\"-\" | instant ", "\"-\" | instnat ")), declarationsOnly: false));

    [Theory]
    [InlineData("\"-\" | instant ", "\"-\" | instnat ")]
    [InlineData("\nevent fd.state\n", "\nevnt fd.state\n")]
    [InlineData("fails none-pending", "fails none-pendig")]
    [InlineData("\nsection services\n", "\nsecton services\n")]
    [InlineData("\n  full     \"", "\n  ful      \"")]
    [InlineData("\n\nsection events\n", NewCommand + "  tags: rset\n\nsection events\n")]
    public void AMistakeIsReportedOnceBeforeThereIsARelease(string right, string wrong)
    {
        Driver driver = WholeProgram.UnreleasedDaemon.Run(Replace(right, wrong));
        Assert.Single(driver.Problems);
        Assert.Empty(WholeProgram.UnreleasedDaemon.NewErrors(driver, declarationsOnly: true));
    }

    [Theory]
    [InlineData("\"-\" | instant ", "\"-\" | instnat ")]
    [InlineData("\nevent fd.state\n", "\nevnt fd.state\n")]
    public void AMistakeIsReportedOnceToTheClient(string right, string wrong)
    {
        Driver driver = WholeProgram.Client.Run(Replace(right, wrong));
        Assert.Single(driver.Problems);
        Assert.Empty(WholeProgram.Client.NewErrors(driver, declarationsOnly: true));
    }

    private static string Replace(string right, string wrong)
    {
        int at = Repository.Spec.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at >= 0, $"commands.spec has no \"{right}\" any more: take another line of it here");
        return Repository.Spec.Remove(at, right.Length).Insert(at, wrong);
    }
}
