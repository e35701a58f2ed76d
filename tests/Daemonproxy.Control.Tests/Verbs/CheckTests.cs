using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Control.Checking;
using Daemonproxy.Control.Tests.Harness;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Control.Tests.Verbs;

/// <summary><c>check</c>: what is wrong with configs, and nothing with those that work.</summary>
public sealed class CheckTests
{
    private static readonly string _wrong = """
        # a comment

        service.args web /usr/bin/web
        service.arg⇥web⇥/bin/true
        service.args⇥web⇥/bin/true
        service.args⇥a name⇥/bin/true
        service.auto_up⇥web⇥0⇥always
        service.auto_up⇥web⇥1⇥alwys⇥fd:no such⇥SIGHUP
        service.start⇥wbe
        service.stop⇥web⇥ten
        fd.open⇥log⇥write,apend,create⇥/tmp/log
        fd.open⇥log⇥create,mode=999⇥/tmp/log
        fd.open⇥log
        fd.open⇥log⇥write⇥/tmp/log⇥extra
        service.fds⇥web⇥null⇥log⇥nolog
        fd.delete⇥nolog
        service.env⇥web⇥A=1⇥=2
        service.limits⇥web⇥nofil=3⇥core
        service.process⇥web⇥sesion⇥umask=022
        service.signal⇥web⇥SIGHUPP
        service.args⇥job⇥/no/such/program
        service.user⇥job⇥nobody-at-all
        socket.create⇥alow=jobs⇥/run/jobs
        log.filter⇥loud
        """.Replace('⇥', '\t');

    [Fact]
    public Task EveryMistakeIsReported() => ShowAsync(_wrong + "\nservice.tags\tweb\tx\r\n");

    [Fact]
    public async Task JsonHasAnObjectForEachMistake() => await ShowAsync("service.start\tweb\r\n", "--json");

    [Fact]
    public async Task AFileThatIsNotThereIsWrongUsage()
    {
        Dpctl shown = await Dpctl.RunAsync(Path.GetTempPath(), [], ["check", "/no/such/file"]);
        Assert.Equal(
            (2, "", "dpctl: /no/such/file: No such file or directory\n"), (shown.ExitCode, shown.Out, shown.Error));
    }

    [Fact]
    public async Task ADirectoryWithoutFilesOfServicesIsWrongUsage()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        Dpctl shown = await Dpctl.RunAsync(Path.GetTempPath(), [], ["check", folder]);
        Directory.Delete(folder);
        Assert.Equal(
            (2, "", $"dpctl: {folder}: no file of this directory is called *.toml\n"),
            (shown.ExitCode, shown.Out, shown.Error));
    }

    [Fact]
    public void ConfigsOfTheExamplesHaveNoMistakes()
    {
        var table = ProtocolTable.Load();
        string[] configs = [.. Directory.GetFiles(
            Path.Combine(Binary.Root(), "examples"), "*.conf", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("service.args\t", System.StringComparison.Ordinal))];
        Assert.NotEmpty(configs);
        string[] wrong =
        [
            .. configs.SelectMany(file => new ConfigCheck(table, file).Check(File.ReadAllBytes(file)))
                .Where(mistake => !mistake.IsWarning)
                .Select(mistake => $"{mistake.File}:{mistake.Line}:{mistake.Column}: {mistake.Message}"),
        ];
        Assert.Empty(wrong);
    }

    private static async Task ShowAsync(string text, params string[] options)
    {
        string folder = Directory.CreateTempSubdirectory("dpctl-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "old.conf"), text);
        Dpctl shown = await Dpctl.RunAsync(folder, [], ["check", .. options, "old.conf"]);
        Directory.Delete(folder, recursive: true);
        await Verifier.Verify(
            $"{shown.Out}-- stderr\n{shown.Error}-- exit code {shown.ExitCode}\n",
            new VerifySettings().UseParameters(options.Length));
    }
}
