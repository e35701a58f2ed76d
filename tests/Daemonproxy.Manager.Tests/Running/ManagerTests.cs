using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Manager.Tags;
using Daemonproxy.Manager.Tests.Harness;
using Xunit;

namespace Daemonproxy.Manager.Tests.Running;

/// <summary>The manager as a process, beside the published daemon and real services.</summary>
public class ManagerTests
{
    private const string Web = """
        [service.log]
        command = ["sh", "-c", "exec cat >>out.txt"]
        dir = "."

        [service.db]
        command = ["sh", "-c", "echo >&3; echo db begins; exec sleep 1000"]
        ready = "fd=3"
        log = "log"

        [service.web]
        command = ["sh", "-c", "echo web begins; exec sleep 1000"]
        needs = ["db"]
        log = "log"
        """;

    [Fact]
    public async Task ServicesStartInOrderAndTheirOutputIsLogged()
    {
        await using Managed managed = await Managed.StartAsync(Web);
        await managed.UntilUpAsync("db", "web", "log");
        await FileHasAsync(Path.Combine(managed.Folder, "out.txt"), "db begins\nweb begins\n");
        Assert.Equal("db", ManagerTag.Find(managed.Find("web")!.Tags)!.Needs);
    }

    [Fact]
    public async Task AShutdownStopsAllAndEndsTheDaemon()
    {
        await using Managed managed = await Managed.StartAsync(Web);
        await managed.UntilUpAsync("db", "web", "log");
        await managed.WishAsync(ManagerMark.Service, WishKind.Shutdown, 1);
        await managed.Daemon.WaitForExitAsync(Patience.Token);
        await managed.Manager!.WaitForExitAsync(Patience.Token);
        Assert.Equal((0, 1), (managed.Daemon.ExitCode, managed.Manager.ExitCode));
        string[] stops = [.. managed.Log.Split('\n').Where(
            line => line.EndsWith(": stopping", StringComparison.Ordinal))];
        Assert.Equal(["Info: web: stopping", "Info: db: stopping", "Info: log: stopping"], stops);
    }

    [Fact]
    public async Task ASignalToTheDaemonIsAShutdown()
    {
        await using Managed managed = await Managed.StartAsync(Web);
        await managed.UntilUpAsync("db", "web", "log");
        using var kill = System.Diagnostics.Process.Start("/bin/kill", ["-TERM", $"{managed.Daemon.Id}"]);
        await managed.Daemon.WaitForExitAsync(Patience.Token);
        Assert.Equal(0, managed.Daemon.ExitCode);
    }

    [Theory]
    [InlineData("USR1", "halt")]
    [InlineData("USR2", "poweroff")]
    [InlineData("TERM", "reboot")]
    public async Task ASignalSaysWhatTheDaemonBecomes(string signal, string becomes)
    {
        string[] keys = ["exec-on-exit", "halt", "poweroff", "reboot"];
        await using Managed managed = await Managed.StartAsync("[daemon]\n" + string.Concat(keys.Select(
            key => $"{key} = [\"sh\", \"-c\", \"echo {key} > end.txt\"]\n")) + Web);
        await managed.UntilUpAsync("db", "web", "log");
        using var kill = System.Diagnostics.Process.Start("/bin/kill", [$"-{signal}", $"{managed.Daemon.Id}"]);
        await managed.Daemon.WaitForExitAsync(Patience.Token);
        Assert.Equal(
            (0, $"{becomes}\n"),
            (managed.Daemon.ExitCode, await File.ReadAllTextAsync(Path.Combine(managed.Folder, "end.txt"))));
    }

    [Fact]
    public async Task AReloadRestartsWhatChangedAndABrokenFileChangesNothing()
    {
        await using Managed managed = await Managed.StartAsync(Web);
        await managed.UntilUpAsync("db", "web", "log");
        int? db = managed.Find("db")!.Pid;
        int? web = managed.Find("web")!.Pid;
        managed.Write(Web.Replace("web begins", "web again", StringComparison.Ordinal));
        await managed.WishAsync(ManagerMark.Service, WishKind.Reload, 1);
        StateSnapshot state = await managed.UntilAsync(
            now => Managed.IsUp(now, "web") && now.Services[new ServiceName("web")].Pid != web);
        Assert.Equal(db, state.Services[new ServiceName("db")].Pid);
        managed.Write("[service.web]\ncomand = [\"x\"]\n");
        await managed.WishAsync(ManagerMark.Service, WishKind.Reload, 2);
        state = await managed.UntilAsync(now => Mark(now) is { Done: 2 });
        Assert.Equal($"{managed.File}:2:1: unknown key 'comand'; did you mean 'command'?", Mark(state)!.Problem);
        Assert.True(Managed.IsUp(state, "web") && Managed.IsUp(state, "db"));
    }

    [Fact]
    public async Task ASecondManagerIsRefused()
    {
        await using Managed managed = await Managed.StartAsync(Web);
        await managed.UntilUpAsync("db", "web");
        System.Diagnostics.Process first = managed.Manager!;
        managed.StartManager();
        await managed.Manager!.WaitForExitAsync(Patience.Token);
        Assert.Equal((int)Manager.Running.ManagerEnd.NotAlone, managed.Manager.ExitCode);
        first.Kill();
        managed.StartManager();
        await managed.UntilAsync(state => Mark(state)?.Pid == managed.Manager.Id);
        Assert.Contains($"PID {first.Id} manages already", managed.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServiceWhoseSettingIsRefusedIsNotStarted()
    {
        await using Managed managed = await Managed.StartAsync(
            "[service.bad]\ncommand = [\"sleep\", \"1000\"]\nlimits = { nofile = \"5:3\" }\n"
            + "[service.good]\ncommand = [\"sleep\", \"1000\"]\n");
        await managed.UntilUpAsync("good");
        await managed.UntilAsync(
            _ => managed.Log.Contains("bad: not started, the daemon refuses service.limits", StringComparison.Ordinal));
        Assert.NotEqual(ServicePhase.Up, managed.Find("bad")!.Phase);
    }

    [Fact]
    public async Task TheManagerMayBeKilledAtAnyMoment()
    {
        string file = string.Concat(Enumerable.Range(0, 12).Select(static number =>
            $"""
            [service.s{number}]
            command = ["sh", "-c", "echo >&3; exec sleep 1000"]
            ready = "fd=3"
            {(number > 0 ? $"needs = [\"s{number - 1}\"]" : "")}

            """));
        await using Managed managed = await Managed.StartAsync(file);
        string[] names = [.. Enumerable.Range(0, 12).Select(static number => $"s{number}")];
        for (int kill = 0; kill < (LongRun.IsAsked ? 100 : 6); kill++)
        {
            await Task.Delay(Random.Shared.Next(400));
            await managed.KillManagerAsync();
            managed.StartManager();
        }

        StateSnapshot state = await managed.UntilUpAsync(names);
        int?[] pids = [.. names.Select(name => state.Services[new ServiceName(name)].Pid)];
        await managed.UntilAsync(now => Mark(now)?.Pid == managed.Manager!.Id);
        for (int kill = 0; kill < (LongRun.IsAsked ? 100 : 4); kill++)
        {
            await managed.KillManagerAsync();
            managed.StartManager();
            await managed.UntilAsync(now => Mark(now)?.Pid == managed.Manager!.Id);
        }

        Assert.Equal(pids, names.Select(name => managed.Find(name)!.Pid));
    }

    private static ManagerMark? Mark(StateSnapshot state) =>
        state.Services.TryGetValue(new ServiceName(ManagerMark.Service), out ServiceInfo? info) ? ManagerMark.Find(
            info.Tags) : null;

    private static async Task FileHasAsync(string path, string text)
    {
        while (!File.Exists(path) || await File.ReadAllTextAsync(path) != text)
        {
            Patience.Token.ThrowIfCancellationRequested();
            await Task.Delay(10);
        }
    }
}
