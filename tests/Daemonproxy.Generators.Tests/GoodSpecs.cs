using System.Threading.Tasks;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>Each spec in specs/good has its generated code beside it, which compiles without a warning.</summary>
public sealed class GoodSpecs
{
    public static TheoryData<string> Names() => [.. Repository.SpecsIn("good")];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task IsGeneratedAsBefore(string name)
    {
        Driver driver = Driver.Run(Repository.SpecOf("good", name));
        Assert.Empty(driver.Problems);
        Compiled.Succeeds(driver);
        await Verifier.Verify(
            driver.Sources(), new VerifySettings().UseDirectory("specs/good").UseFileName(name));
    }

    [Fact]
    public async Task TheRealSpec()
    {
        Driver driver = Driver.Run(Repository.Spec);
        Assert.Empty(driver.Problems);
        Compiled.Succeeds(driver);
        await Verifier.Verify(driver.Sources());
    }
}
