using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Tests.Harness;
using Daemonproxy.Manager.Tags;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Control.Tests.Verbs;

/// <summary>The verbs with a manager that lives: they say what is wanted, and watch.</summary>
public sealed class ManagedTests
{
    [Fact]
    public async Task TheVerbsAskTheManager()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string file = Path.Combine(daemon.Folder, "services.toml");
        await File.WriteAllTextAsync(file, """
            [service.db]
            command = ["sleep", "1000"]

            [service.web]
            command = ["sleep", "1000"]
            needs = ["db"]
            """);
        using Process manager = Dpctl.Start(daemon.Folder, [], ["-S", daemon.Socket, "manage", file]);
        _ = manager.StandardError.BaseStream.CopyToAsync(Stream.Null);
        string shown = "";
        foreach (string[] line in (string[][])
            [["stop", "web"], ["start", "web"], ["restart", "web"], ["reload"], ["manage", file]])
        {
            if (line[0] != "start")
            {
                await daemon.AwaitProgramAsync("web", "sleep");
            }

            Dpctl result = await Dpctl.RunAsync(daemon, line);
            shown += $"$ dpctl {line[0]}\n{result.Shown(daemon)}";
        }

        // The lines before the last one depend on what the daemon still tells at its end.
        Dpctl ended = await Dpctl.RunAsync(daemon, "shutdown");
        Assert.Equal(0, ended.ExitCode);
        Assert.EndsWith($"daemonproxy ended, PID {daemon.Pid}\n", ended.Out, StringComparison.Ordinal);
        manager.Kill();
        await Verifier.Verify(shown.Replace($"PID {manager.Id}", "PID PID", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnEndThatNoStartFollowsIsAFailure()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string file = Path.Combine(daemon.Folder, "services.toml");
        await File.WriteAllTextAsync(file, """
            [service.never]
            command = ["sh", "-c", "exit 78"]
            restart = "never"

            [service.prevented]
            command = ["sh", "-c", "exit 9"]
            restart = { when = "failure", prevent = [9] }

            [service.right]
            command = ["sh", "-c", "exit 4"]
            restart = { when = "failure", success = [4] }

            [service.again]
            command = ["sh", "-c", "exit 1"]
            restart = { when = "failure", first = "1h", most = "1h" }
            """);
        using Process manager = Dpctl.Start(daemon.Folder, [], ["-S", daemon.Socket, "manage", file]);
        _ = manager.StandardError.BaseStream.CopyToAsync(Stream.Null);
        foreach (string name in (string[])["never", "prevented", "right", "again"])
        {
            await daemon.AwaitAsync(
                name, service => service is not null && ManagerTag.Find(service.Tags) is { Ended.Length: > 0 });
        }

        Dpctl shown = await Dpctl.RunAsync(daemon, "status");
        manager.Kill();
        string[] states = [.. shown.Out.Split('\n').Skip(1).Select(static line => string.Join(' ', line
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2)))];
        Assert.Equal(["again waiting", "never failed", "prevented failed", "right down", ""], states);
    }

    [Fact]
    public async Task AFileOfTheManagerIsChecked()
    {
        string folder = Directory.CreateTempSubdirectory("dpctl-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "services.toml"), """
            [service.web]
            comand = ["sleep", "1000"]
            needs = ["bd"]

            [service.db]
            command = ["sleep", "1000"]
            """);
        Dpctl shown = await Dpctl.RunAsync(folder, [], ["check", "services.toml"]);
        Directory.Delete(folder, recursive: true);
        await Verifier.Verify(shown.Shown());
    }
}
