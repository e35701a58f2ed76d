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
        await Golden.Verify(driver, "daemon");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task TheClientIsGeneratedAsBefore(string name)
    {
        Driver driver = Driver.RunClient(Repository.SpecOf("good", name));
        Assert.Empty(driver.Problems);
        Compiled.ClientSucceeds(driver);
        await Verifier.Verify(
            driver.Sources(), new VerifySettings().UseDirectory("specs/good").UseFileName(name + ".client"));
    }

    [Theory]
    [InlineData("-9223372036854775808:9223372036854775807")]
    [InlineData("-9223372036854775808:")]
    [InlineData("-9223372036854775808:7")]
    [InlineData("7:9223372036854775807")]
    [InlineData("7:7")]
    public void ARangeMayEndWhereNumbersDo(string range)
    {
        string word = range.EndsWith(':') ? "" : $" = integer[{range}] default 7 else bad";
        string spec =
            $"""
            # P.
            protocol p 1

            # E.
            error bad "bad"

            # I.
            error expected-integer "integer"

            # U.
            error unknown-flag "flag"

            # M.
            error missing-argument "missing"

            # S.
            set s
              a{word}

            # C.
            command c
              a: integer[{range}]  else bad
              b: set[s]
            """;
        Compiled.Succeeds(Driver.Run(spec + "\n"));
        Compiled.ClientSucceeds(Driver.RunClient(spec + "\n"));
    }

    [Fact]
    public async Task TheClientOfTheRealSpec()
    {
        Driver driver = Driver.RunClient(Repository.Spec);
        Assert.Empty(driver.Problems);
        Compiled.ClientSucceeds(driver);
        await Golden.Verify(driver, "client");
    }
}
