using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Tests.Harness;
using Xunit;

namespace Daemonproxy.Control.Tests.Verbs;

/// <summary>
/// dpctl loads no library when it has started. A static program would get a second C library with it, which overwrites
/// the data of its threads; the dynamic one would fail in an image that lacks the library, such as OpenSSL.
/// </summary>
public sealed class LoadedLibraryTests
{
    private static readonly string[] _usual = ["ld-linux", "libc.so.6", "libm.so.6"];

    public static TheoryData<string> Programs { get; } = ["dpctl", "static/dpctl"];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task AManagerThatHasDoneEverythingHasLoadedNothing(string program)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string file = Path.Combine(daemon.Folder, "services.toml");

        // Several hundred collections, as a manager sees them in days.
        const string Service =
            "\ncommand = [\"true\"]\nrestart = { when = \"always\", first = \"1s\", most = \"1s\" }\n";
        string services = string.Concat(
            Enumerable.Range(0, 100).Select(static number => $"[service.s{number}]{Service}"));
        await File.WriteAllTextAsync(file, services);
        using Process manager = Start(program, daemon, "manage", file);
        _ = manager.StandardError.BaseStream.CopyToAsync(Stream.Null);
        await daemon.AwaitAsync("s99", static service => service?.ExitCode == 0);
        for (int reload = 0; reload < 5; reload++)
        {
            await File.WriteAllTextAsync(file, $"{services}[service.r{reload}]{Service}");
            Assert.Equal(0, (await Dpctl.RunAsync(daemon, "reload")).ExitCode);
            await daemon.AwaitAsync($"r{reload}", static service => service?.ExitCode == 0);
        }

        Assert.Empty(Unusual(manager));
        manager.Kill();
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task ARunThatStaysHasLoadedNothing(string program)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using Process run = Start(program, daemon, "run", "--user", "nobody", "--dir", "/", "--", "cat");
        string name = await AwaitServiceAsync(daemon);
        Assert.StartsWith("run.", name, StringComparison.Ordinal);
        Assert.Empty(Unusual(run));
        run.StandardInput.Close();
        Assert.Equal("", await run.StandardError.ReadToEndAsync());
    }

    private static async Task<string> AwaitServiceAsync(TestDaemon daemon)
    {
        await using DaemonConnection connection = await daemon.ConnectAsync();
        DaemonState state = await connection.FollowStateAsync();
        StateSnapshot now = await state.WaitAsync(
            static state => state.Services.Values.Any(static service => service.Phase == ServicePhase.Up))
            .WaitAsync(TimeSpan.FromMinutes(1));
        return now.Services.Keys.Single().Text!;
    }

    private static Process Start(string program, TestDaemon daemon, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Path.Combine(Binary.Root(), "out", program), ["-S", daemon.Socket, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = daemon.Folder,
        };
        start.Environment["DOTNET_GCgen0size"] = "0x10000"; // a collection after each 64 kB
        Process process = Process.Start(start)!;
        return process;
    }

    private static string[] Unusual(Process process)
    {
        string[] usual = process.StartInfo.FileName.Contains("static", StringComparison.Ordinal) ? [] : _usual;
        return
        [
            .. File.ReadLines($"/proc/{process.Id}/maps")
                .Where(static line => line.Contains(".so", StringComparison.Ordinal))
                .Select(static line => Path.GetFileName(line))
                .Distinct()
                .Where(name => !usual.Any(known => name.StartsWith(known, StringComparison.Ordinal))),
        ];
    }
}
