using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Tests.Harness;
using Xunit;

namespace Daemonproxy.Control.Tests.Verbs;

/// <summary>The completions, in the shells themselves, and the manual page.</summary>
public sealed class CompletionTests
{
    // A busy machine may not answer within the third of a second that a name may take: so names are asked for again.
    [Fact]
    public async Task BashCompletesVerbsOptionsAndNames()
    {
        await using TestDaemon daemon = await StartAsync();
        string script = """
            eval "$(dpctl completion bash)"
            try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dpctl; echo "${COMPREPLY[*]}"; }
            names() { for i in {1..30}; do result=$(try "$@"); [ -z "$result" ] || break; done; echo "$result"; }
            try dpctl st
            names dpctl start ""
            names dpctl stop ""
            try dpctl status --pro
            try dpctl wait web --for ""
            try dpctl -S nowhere start ""
            """;
        Assert.Equal(
            ["status start stop", "mail", "web", "--problems", "up ready down gone", ""],
            (await RunAsync(daemon, "bash", "-c", script)).Split('\n')[..^1]);
    }

    [Fact]
    public async Task FishCompletesVerbsOptionsAndNamesWithStates()
    {
        await using TestDaemon daemon = await StartAsync();
        string script = """
            dpctl completion fish | source
            complete -C 'dpctl star'
            for i in (seq 30)
                set names (complete -C 'dpctl stop ')
                test -n "$names"; and break
            end
            echo $names
            complete -C 'dpctl wait web --for d'
            """;
        Assert.Equal(
            ["start\tstart services, and wait until they are up", "web\tup", "down\twhat to wait for (ready)"],
            (await RunAsync(daemon, "fish", "-c", script)).Split('\n')[..^1]);
    }

    [Fact]
    public async Task ZshLoadsItsCompletionAndAsksForNames()
    {
        await using TestDaemon daemon = await StartAsync();
        string script = """
            autoload -Uz compinit && compinit -u -d zcompdump
            eval "$(dpctl completion zsh)"
            _describe() { local list=$4; print -r -- "$3: ${(P)list}"; }
            for i in {1..30}; do
                names=$(_dpctl_names up)
                [[ $names = 'service: ' ]] || break
            done
            print -r -- $names
            print -r -- $_comps[dpctl]
            """;
        Assert.Equal("service: web:up\n_dpctl\n", await RunAsync(daemon, "zsh", "-f", "-c", script));
    }

    [Fact]
    public async Task WithoutADaemonThereIsNothingToComplete()
    {
        Dpctl shown = await Dpctl.RunAsync(
            Path.GetTempPath(), new Dictionary<string, string?> { ["DAEMONPROXY_SOCKET"] = "/nowhere" }, ["__names"]);
        Assert.Equal((0, "", ""), (shown.ExitCode, shown.Out, shown.Error));
    }

    [Fact]
    public async Task TheManualPageIsFreshAndWellFormed()
    {
        string page = (await Dpctl.RunAsync(Path.GetTempPath(), [], ["__manual"])).Out;
        string file = Path.Combine(Binary.Root(), "docs", "dpctl.1");
        if (Environment.GetEnvironmentVariable("Verify_AcceptAll") == "true")
        {
            await File.WriteAllTextAsync(file, page);
        }

        Assert.Equal(await File.ReadAllTextAsync(file), page);
        using Process groff = Process.Start(new ProcessStartInfo("groff", ["-man", "-Tutf8", "-ww", "-z", file])
        {
            RedirectStandardError = true,
        })!;
        Assert.Equal("", await groff.StandardError.ReadToEndAsync());
    }

    private static async Task<TestDaemon> StartAsync()
    {
        TestDaemon daemon = await TestDaemon.StartAsync(
            "service.args web sleep 1000", "service.start web", "service.args mail true");
        await daemon.AwaitAsync("web", service => service?.Phase == ServicePhase.Up);
        return daemon;
    }

    private static async Task<string> RunAsync(TestDaemon daemon, string shell, params string[] arguments)
    {
        var start = new ProcessStartInfo(shell, arguments)
        {
            RedirectStandardOutput = true,
            WorkingDirectory = daemon.Folder,
        };
        start.Environment["PATH"] =
            $"{Path.GetDirectoryName(Binary.Control)}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["DAEMONPROXY_SOCKET"] = daemon.Socket;
        start.Environment["HOME"] = daemon.Folder;
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return string.Join('\n', output.Split('\n').Select(line => line.TrimEnd()));
    }
}
