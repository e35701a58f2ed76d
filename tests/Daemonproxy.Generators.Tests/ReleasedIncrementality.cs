using System;
using System.Collections.Generic;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>The released spec is compared with, and nothing is made of it: an edit of it regenerates nothing.</summary>
public sealed class ReleasedIncrementality
{
    private const string Echo = "command echo\n  needs watch\n  text: rest\n  emits raw\n";

    private readonly Driver _driver = Compatibility.Run(Repository.Spec, Repository.Spec);

    [Fact]
    public void ACommentThatDocumentsNothingIsNotEvenCompared()
    {
        Assert.Empty(Rewritten("section services\n", "# Here come the services.\n\nsection services\n"));
        Assert.True(_driver.IsCached("Compile"));
    }

    [Fact]
    public void ACommentThatDocumentsIsNotEvenCompared()
    {
        Assert.Empty(Rewritten("# Deletes a service that is not running.", "# Deletes a service."));
        Assert.True(_driver.IsCached("Compile"));
    }

    [Fact]
    public void ACommandThatIsNotReleasedYetRegeneratesNothing()
    {
        Assert.Empty(Rewritten(Echo, ""));
        Assert.False(_driver.IsCached("Compile"));
    }

    [Fact]
    public void AnEditOfTheSpecRegeneratesNoMoreThanWithoutARelease()
    {
        string edited = Edit("# Deletes a service that is not running.", "# Deletes a service.");
        Assert.Equal(["ServiceDeleteArguments.g.cs"], _driver.Rewritten(edited));
    }

    [Fact]
    public void AnIncompatibleChangeIsReportedUntilItIsTakenBack()
    {
        string sources = _driver.Sources();
        string edited = Edit("section services\n", "# Is gone.\ncommand gone\n\nsection services\n");

        _driver.Rewritten(edited, SpecFile.Released);
        Assert.Equal("DP0703", Assert.Single(_driver.Problems).Id);
        Assert.Contains("======== GoneArguments.g.cs ========", _driver.Sources(), StringComparison.Ordinal);

        _driver.Rewritten(Repository.Spec, SpecFile.Released);
        Assert.Empty(_driver.Problems);
        Assert.Equal(sources, _driver.Sources());
    }

    private SortedSet<string> Rewritten(string before, string after)
    {
        SortedSet<string> rewritten = _driver.Rewritten(Edit(before, after), SpecFile.Released);
        Assert.Empty(_driver.Problems);
        return rewritten;
    }

    private static string Edit(string before, string after)
    {
        Assert.Contains(before, Repository.Spec, StringComparison.Ordinal);
        return Repository.Spec.Replace(before, after, StringComparison.Ordinal);
    }
}
