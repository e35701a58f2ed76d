using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Tests.Harness;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Control.Tests.Verbs;

/// <summary>start, stop, restart, signal, wait and the verbs of the daemon, without a manager.</summary>
public sealed class SteeringTests
{
    [Fact]
    public async Task AStartWaitsAndShowsTheOutputOfWhatFailed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            "fd.open mail.log write,append,create mail.log",
            "service.args logger sleep 1000",
            "service.start logger",
            "service.args\tmail\tsh\t-c\techo connecting; echo connection refused; exit 7",
            "service.fds mail null mail.log mail.log",
            "service.args report /opt/report",
            "service.args\tnow\tsh\t-c\techo >&3; exec sleep 1000",
            "fd.pipe now.r now.w",
            "service.fds now null null null now.w",
            "service.ready now fd=3");
        await daemon.AwaitAsync("logger", service => service?.Phase == ServicePhase.Up);
        await Verifier.Verify(
            (await Dpctl.RunAsync(daemon, "start", "mail", "report", "logger", "now")).Shown(daemon));
    }

    [Fact]
    public async Task AStopEscalatesAndIsRepeatable()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            "service.args\tsoft\tsleep\t1000", "service.start soft", "service.args never true");
        await daemon.AwaitProgramAsync("soft", "sleep");
        string first = (await Dpctl.RunAsync(daemon, "stop", "*")).Shown(daemon);
        string second = (await Dpctl.RunAsync(daemon, "stop", "soft")).Shown(daemon);
        await Verifier.Verify(first + second);
    }

    [Fact]
    public async Task ARestartHasALineForEachHalf()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            "service.args web sleep 1000", "service.process web session", "service.auto_up web 1 always");
        ServiceInfo before = await daemon.AwaitProgramAsync("web", "sleep");
        await Verifier.Verify((await Dpctl.RunAsync(daemon, "restart", "web")).Shown(daemon));
        ServiceInfo? after = await daemon.AwaitAsync("web", service => service?.Phase == ServicePhase.Up);
        Assert.NotEqual(before.Pid, after!.Pid);
    }

    [Fact]
    public async Task AStartThatIsTriedAgainIsWaiting()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            "service.args\tmail\tsh\t-c\texit 7", "service.auto_up mail 100 always");
        await daemon.AwaitAsync("mail", service => service?.Phase == ServicePhase.Waiting);
        Dpctl shown = await Dpctl.RunAsync(daemon, "start", "mail");
        Assert.Matches(@"^mail     waiting    exit 7 in under 1 s, again in 1 min\n$", shown.Out);
        Assert.Equal((1, "dpctl: mail did not start.\n"), (shown.ExitCode, shown.Error));
    }

    [Fact]
    public async Task ATimeLimitSaysWhatIsMissing()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            "service.args web sleep 1000", "service.ready web notify");
        Dpctl shown = await Dpctl.RunAsync(daemon, "start", "web", "--timeout", "1");
        Assert.Equal(
            (124, "web      starting   after 1 s\n",
                "dpctl: web is still starting after 1 s (no READY=1 yet); it goes on\n"),
            (shown.ExitCode, shown.Out, shown.Error));
    }

    [Fact]
    public async Task AnUnknownNamePreventsEveryStart()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("service.args web sleep 1000");
        Dpctl shown = await Dpctl.RunAsync(daemon, "start", "web", "wbe");
        Assert.Equal(
            (4, "", "dpctl: no service 'wbe'; did you mean 'web'?\n"), (shown.ExitCode, shown.Out, shown.Error));
        Assert.Equal(ServicePhase.Never, (await daemon.AwaitAsync("web", _ => true))!.Phase);
    }

    [Fact]
    public async Task InterruptingEndsTheWaitingAndNotTheService()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            "service.args web sleep 1000", "service.ready web notify");
        using Process process = Dpctl.Start(daemon.Folder, [], ["-S", daemon.Socket, "start", "web"]);
        await daemon.AwaitAsync("web", service => service?.Phase == ServicePhase.Up);
        using Process kill = Process.Start("/bin/kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(130, process.ExitCode);
        Assert.Equal("dpctl: web is starting\n", await process.StandardError.ReadToEndAsync());
        Assert.Equal(ServicePhase.Up, (await daemon.AwaitAsync("web", _ => true))!.Phase);
    }

    [Fact]
    public async Task ASignalHitsTheProcessThatWasSeen()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            "service.args web sleep 1000", "service.start web", "service.args down true");
        await daemon.AwaitProgramAsync("web", "sleep");
        string sent = (await Dpctl.RunAsync(daemon, "signal", "web", "cont")).Shown(daemon);
        sent += (await Dpctl.RunAsync(daemon, "signal", "web", "TERM", "--tree")).Shown(daemon);
        sent += (await Dpctl.RunAsync(daemon, "signal", "down", "HUP")).Shown(daemon);
        sent += (await Dpctl.RunAsync(daemon, "signal", "web", "NONSENSE")).Shown(daemon);
        await Verifier.Verify(sent);
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    public async Task AWaitForTheEndExitsAsTheService(string script, int code)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            $"service.args\tjob\tsh\t-c\tsleep 0.3; {script}", "service.start job", "service.args idle true");
        Dpctl shown = await Dpctl.RunAsync(daemon, "wait", "job", "--for", "down");
        Assert.Equal((code, "", ""), (shown.ExitCode, shown.Out, shown.Error));
        Assert.Equal(125, (await Dpctl.RunAsync(daemon, "wait", "jbo", "--for", "down")).ExitCode);
        Assert.Equal(124, (await Dpctl.RunAsync(daemon, "wait", "idle", "--for", "up", "--timeout", "100ms")).ExitCode);
        Assert.Equal(0, (await Dpctl.RunAsync(daemon, "wait", "nobody", "--for", "gone")).ExitCode);
    }

    // As `run` does it; the process that was to execute the program has ended with a code of the daemon's own.
    [Theory]
    [InlineData("/nope", 127)]
    [InlineData("/etc/passwd", 126)]
    public async Task AWaitForTheEndTellsThatAProgramWasNotExecuted(string program, int code)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            $"service.args\tjob\t{program}", "service.start job");
        await daemon.AwaitAsync("job", static service => service?.Failure is not null);
        Assert.Equal(code, (await Dpctl.RunAsync(daemon, "wait", "job", "--for", "down")).ExitCode);
    }

    [Theory]
    [InlineData("up")]
    [InlineData("ready")]
    public async Task AWaitForWhatHasFailedEnds(string what)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            "service.args\tjob\tsh\t-c\tsleep 0.3; exit 7", "service.ready job notify", "service.start job");
        Dpctl shown = await Dpctl.RunAsync(daemon, "wait", "job", "--for", "ready");
        Assert.Equal((1, ""), (shown.ExitCode, shown.Out));
        Assert.StartsWith("dpctl: job has failed: exit 7 ", shown.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await Dpctl.RunAsync(daemon, "wait", "job", "--for", what)).ExitCode);
    }

    [Fact]
    public async Task TheLogLevelIsShownAndSet()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string shown = (await Dpctl.RunAsync(daemon, "log")).Shown(daemon);
        shown += (await Dpctl.RunAsync(daemon, "log", "error")).Shown(daemon);
        shown += (await Dpctl.RunAsync(daemon, "log", "web")).Shown(daemon);
        await Verifier.Verify(shown);
    }

    [Fact]
    public async Task AnUpgradeLeavesServicesAlone()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("service.args web sleep 1000", "service.start web");
        ServiceInfo? before = await daemon.AwaitAsync("web", service => service?.Phase == ServicePhase.Up);
        await Verifier.Verify((await Dpctl.RunAsync(daemon, "upgrade")).Shown(daemon)
            + (await Dpctl.RunAsync(daemon, "upgrade", "/bin/false")).Shown(daemon));
        Assert.Equal(before!.Pid, (await daemon.AwaitAsync("web", _ => true))!.Pid);
    }

    [Fact]
    public async Task AShutdownStopsAllAndEndsTheDaemon()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            "service.args web sleep 1000", "service.auto_up web 1 always", "service.args cron true");
        await daemon.AwaitProgramAsync("web", "sleep");
        await Verifier.Verify((await Dpctl.RunAsync(daemon, "shutdown")).Shown(daemon));
        Assert.Equal(5, (await Dpctl.RunAsync(daemon)).ExitCode);
    }

    [Fact]
    public async Task AVerbNamesTheRightThatItsSocketLacks()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("service.args web.one sleep 1000");
        string path = Path.Combine(daemon.Folder, "watch");
        await daemon.SendAsync($"socket.create name=watch,allow=watch,prefix=web. {path}");
        Dpctl shown = await Dpctl.RunAsync(
            daemon.Folder, new Dictionary<string, string?> { ["DAEMONPROXY_SOCKET"] = path }, ["start", "web.one"]);
        Assert.Equal(
            (5, "", "dpctl: this socket may only watch: status, events, top, wait, tail\n"),
            (shown.ExitCode, shown.Out, shown.Error));
    }

    [Fact]
    public async Task WithoutAManagerThereIsNothingToReload()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Dpctl shown = await Dpctl.RunAsync(daemon, "reload");
        Assert.Equal((1, "dpctl: no manager keeps these services\n"), (shown.ExitCode, shown.Error));
    }
}
