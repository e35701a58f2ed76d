using System;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>A project outside this repository gets the runtime, too, and no word about its origin.</summary>
public sealed class OutsideProjects
{
    public static TheoryData<string> Specs() => [.. Repository.SpecsIn("good")];

    [Theory]
    [MemberData(nameof(Specs))]
    public void AServerCompilesWithTheGeneratedRuntime(string name) => Check(name, "server");

    [Theory]
    [MemberData(nameof(Specs))]
    public void AClientCompilesWithTheGeneratedRuntime(string name) => Check(name, "client");

    private static void Check(string name, string product)
    {
        Driver driver = Driver.Run(Project.Outside(product), Repository.SpecOf("good", name));
        Compiled.SucceedsAlone(driver);
        Assert.DoesNotContain("aemonproxy", driver.Sources(), StringComparison.Ordinal);
    }
}
