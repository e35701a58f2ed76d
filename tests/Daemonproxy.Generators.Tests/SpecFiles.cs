using System;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>There is exactly one spec, and it can be read.</summary>
public sealed class SpecFiles
{
    [Fact]
    public void NoneIsAProblem() =>
        Assert.Equal("DP0001", Assert.Single(Driver.Run(new SpecFile("", "/project/other.spec")).Problems).Id);

    [Fact]
    public void TheNameIsExact() =>
        Assert.Equal("DP0001", Assert.Single(Driver.Run(new SpecFile("", "/project/my.commands.spec")).Problems).Id);

    [Fact]
    public void TwoSpecFilesAreAProblem()
    {
        Diagnostic problem = Assert.Single(
            Driver.Run(new SpecFile("", "/one/commands.spec"), new SpecFile("", "/two/commands.spec")).Problems);
        Assert.Equal("DP0002", problem.Id);
        Assert.Equal("/two/commands.spec", problem.Location.GetLineSpan().Path);
        Assert.Contains("/one/commands.spec", problem.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnreadableOneIsAProblem() =>
        Assert.Equal("DP0003", Assert.Single(Driver.Run(new Unreadable()).Problems).Id);

    private sealed class Unreadable : AdditionalText
    {
        public override string Path => "/project/commands.spec";

        public override SourceText? GetText(CancellationToken cancellationToken = default) => null;
    }
}
