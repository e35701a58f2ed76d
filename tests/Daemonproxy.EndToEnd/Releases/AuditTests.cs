using System;
using System.IO;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Releases;

/// <summary><c>packaging/audit.sh</c>, with a program in the place of <c>dotnet</c> that answers from files.</summary>
public class AuditTests
{
    private const string NoData =
        "warning NU1905: Audit source 'https://packages.example/v3' did not provide any vulnerability data.";

    private static string Root =>
        Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Binary.Static)))!;

    [Theory]
    [InlineData("", "The project has no vulnerable packages", 0, "no vulnerable packages")]
    [InlineData("", "The project has the following vulnerable packages: One", 1, "packages: One")]
    [InlineData(
        NoData, "The project has no vulnerable packages", 3,
        "audit: nothing is known: https://packages.example/v3 has no data")]
    [InlineData(NoData, "The project has the following vulnerable packages: One", 1, "packages: One")]
    public void AnAuditSaysWhatIsKnown(string restored, string listed, int status, string said)
    {
        using Scratch scratch = new();
        (int actual, string log) = Audit(
            scratch, limit: 60, $"restore) echo \"{restored}\";;\nlist) echo \"{listed}\";;");
        Assert.Equal(status, actual);
        Assert.Contains(said, log, StringComparison.Ordinal);
        Assert.Equal(status == 3, !log.Contains(listed, StringComparison.Ordinal));
    }

    [Fact]
    public void AnAuditEndsWithinItsLimit()
    {
        using Scratch scratch = new();
        (int status, string log) = Audit(scratch, limit: 1, "restore) sleep 1000;;");
        Assert.Equal(2, status);
        Assert.Contains("audit: dotnet restore did not end within 1 seconds", log, StringComparison.Ordinal);
    }

    private static (int Status, string Log) Audit(Scratch scratch, int limit, string cases)
    {
        scratch.Script("dotnet", $"case $1 in\nnuget) echo 'E https://packages.example/v3';;\n{cases}\nesac");
        string script = scratch.Script(
            "run",
            $"exec >{scratch["log"]} 2>&1\nPATH={scratch["."]}:$PATH\n"
            + $"AUDIT_LIMIT={limit} exec {Root}/packaging/audit.sh");
        Launch launch = new(script);
        using ChildProcess run = launch.Start();
        return (run.AwaitExit(TimeSpan.FromMinutes(1)).Code, File.ReadAllText(scratch["log"]));
    }
}
