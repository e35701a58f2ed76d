using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Tests.Harness;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Control.Tests.Verbs;

/// <summary><c>events</c> and <c>tail</c>.</summary>
public sealed class FollowingTests
{
    [Fact]
    public async Task EventsBeginWithHowThingsAre()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            "service.args\tdb\tsleep\t1000", "service.start db", "service.args\tmail\tsh\t-c\texit 7");
        await daemon.AwaitAsync("db", service => service?.Phase == ServicePhase.Up);
        using Process process = Dpctl.Start(daemon.Folder, [], ["-S", daemon.Socket, "events"]);
        List<string> lines = [await ReadAsync(process), await ReadAsync(process)];
        await daemon.SendAsync("service.start mail");
        while (!lines[^1].Contains("failed", StringComparison.Ordinal))
        {
            lines.Add(await ReadAsync(process));
        }

        await daemon.SendAsync("service.delete mail");
        lines.Add(await ReadAsync(process));
        using Process kill = Process.Start("/bin/kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        string shown = string.Join('\n', lines) + "\n";
        await Verifier.Verify(new Dpctl(process.ExitCode, shown, "").Shown(daemon));
    }

    [Fact]
    public async Task EventsComeBackWithTheDaemon()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("service.args db sleep 1000");
        using Process process = Dpctl.Start(daemon.Folder, [], ["-S", daemon.Socket, "events", "--json"]);
        using (JsonDocument first = JsonDocument.Parse(await ReadAsync(process)))
        {
            Assert.Equal("snapshot", first.RootElement.GetProperty("kind").GetString());
            Assert.Equal("db", first.RootElement.GetProperty("name").GetString());
        }

        await daemon.KillAsync();
        await daemon.StartAgainAsync();
        await daemon.SendAsync("service.args other true");
        string line = await ReadAsync(process);
        while (!line.Contains("\"other\"", StringComparison.Ordinal))
        {
            line = await ReadAsync(process);
        }

        await daemon.KillAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(5, process.ExitCode);
    }

    // As with `| head -1`: there may be no further event that would tell.
    [Theory]
    [InlineData("events")]
    [InlineData("tail", "-f", "web")]
    public async Task AVerbThatFollowsEndsWithItsReader(params string[] line)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            "fd.open web.log write,append,create web.log", "service.args web true",
            "service.fds web null web.log web.log");
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "web.log"), "one\n");
        using Process process = Dpctl.Start(daemon.Folder, [], ["-S", daemon.Socket, .. line]);
        await ReadAsync(process);
        process.StandardOutput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task TailShowsTheEndAndFollowsARenamedFile()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            "fd.open web.log write,append,create web.log",
            "service.args web true",
            "service.fds web null web.log web.log");
        string file = Path.Combine(daemon.Folder, "web.log");
        await File.WriteAllTextAsync(file, "one\ntwo\nthree\n");
        Dpctl shown = await Dpctl.RunAsync(daemon, "tail", "-n", "2", "web");
        Assert.Equal((0, "two\nthree\n", ""), (shown.ExitCode, shown.Out, shown.Error));
        using Process process = Dpctl.Start(daemon.Folder, [], ["-S", daemon.Socket, "logs", "-f", "-n1", "web"]);
        Assert.Equal("three", await ReadAsync(process));
        await File.AppendAllTextAsync(file, "four\n");
        Assert.Equal("four", await ReadAsync(process));
        File.Move(file, file + ".1");
        await File.WriteAllTextAsync(file, "five\n");
        Assert.Equal("five", await ReadAsync(process));
        process.Kill();
    }

    [Fact]
    public async Task TailSaysWhyThereIsNothing()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            "service.args web true",
            "service.args mail true",
            "fd.pipe mail.r mail.w",
            "service.fds mail null mail.w mail.w");
        await Verifier.Verify((await Dpctl.RunAsync(daemon, "tail", "web", "mail")).Shown(daemon));
    }

    private static async Task<string> ReadAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)) ?? "";
}
