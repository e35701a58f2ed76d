using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Tests.Harness;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Control.Tests.Verbs;

/// <summary><c>status</c>, against the daemon.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task TheTableAndTheExitCodeSayThatNotAllIsWell()
    {
        await using TestDaemon daemon = await StartAsync();
        Dpctl shown = await Dpctl.RunAsync(daemon);
        await Verifier.Verify(shown.Shown(daemon));
    }

    [Fact]
    public async Task NamesChooseAndAnUnknownOneIsReported()
    {
        await using TestDaemon daemon = await StartAsync();
        await Verifier.Verify((await Dpctl.RunAsync(daemon, "status", "we*", "d*", "webb")).Shown(daemon));
    }

    [Fact]
    public async Task OneNameGivesThePage()
    {
        await using TestDaemon daemon = await StartAsync();
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "web.log"), "one\ntwo\x1b[31m\n3\n4\n5\n6\n");
        await Verifier.Verify((await Dpctl.RunAsync(daemon, "status", "web", "--env")).Shown(daemon));
    }

    [Fact]
    public async Task JsonHasAllFields()
    {
        await using TestDaemon daemon = await StartAsync();
        Dpctl shown = await Dpctl.RunAsync(daemon, "status", "--json");
        using (JsonDocument document = JsonDocument.Parse(shown.Out))
        {
            Assert.Equal(daemon.Pid, document.RootElement.GetProperty("daemon").GetProperty("pid").GetInt32());
        }

        await Verifier.Verify(shown.Shown(daemon).Replace("{\"name\"", "\n{\"name\"", System.StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnErrorLeavesStandardOutputEmptyOfJson()
    {
        await using TestDaemon daemon = await StartAsync();
        Dpctl shown = await Dpctl.RunAsync(daemon, "status", "--json", "wbe");
        Assert.Equal(
            (4, "", "dpctl: no service 'wbe'; did you mean 'web'?\n"), (shown.ExitCode, shown.Out, shown.Error));
    }

    [Fact]
    public async Task ADaemonWithoutServicesIsWell()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Dpctl shown = await Dpctl.RunAsync(daemon);
        Assert.Equal((0, ""), (shown.ExitCode, shown.Out));
        Assert.StartsWith("No services. ", shown.Error, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(60)]
    public async Task ATerminalGetsHintsAndColours(int columns)
    {
        await using TestDaemon daemon = await StartAsync();
        Dpctl shown = await Dpctl.RunAtTerminalAsync(daemon, columns);
        await Verifier.Verify(shown.Shown(daemon), new VerifySettings().UseParameters(columns));
    }

    [Fact]
    public async Task WhereItWasLookedForIsReported()
    {
        string folder = Directory.CreateTempSubdirectory("dpctl-").FullName;
        try
        {
            Dictionary<string, string?> variables = new() { ["DAEMONPROXY_SOCKET"] = $"{folder}/none" };
            Dpctl shown = await Dpctl.RunAsync(folder, variables, ["status"]);
            string place = $"{folder}/none (No such file or directory)";
            Assert.Equal(
                (5, "", $"dpctl: no daemon at {place}: daemonproxy -c FILE -S PATH\n"),
                (shown.ExitCode, shown.Out, shown.Error));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<TestDaemon> StartAsync()
    {
        TestDaemon daemon = await TestDaemon.StartAsync(
            "fd.open web.log write,append,create web.log",
            "service.args web sleep 1000",
            "service.env web PORT=80 LANG=C",
            "service.fds web null web.log web.log",
            "service.start web",
            "service.args db sleep 1000",
            "service.ready db notify",
            "service.start db",
            "service.args cron true",
            "service.args report /opt/report",
            "service.start report",
            "service.args\tmail\tsh\t-c\texit 7",
            "service.start mail");
        await daemon.AwaitAsync("report", service => service?.Phase == ServicePhase.Exited);
        await daemon.AwaitAsync("mail", service => service?.Phase == ServicePhase.Exited);
        await daemon.AwaitAsync("web", service => service?.Phase == ServicePhase.Up);
        await daemon.AwaitAsync("db", service => service?.Phase == ServicePhase.Up);
        return daemon;
    }
}
