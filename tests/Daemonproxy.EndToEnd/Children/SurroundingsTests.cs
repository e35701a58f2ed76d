using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Children;

/// <summary>The surroundings of a child: environment, mask, dispositions, umask, directory, session.</summary>
public class SurroundingsTests
{
    [Fact]
    public void TheEnvironmentIsInheritedByteForByte()
    {
        Launch launch = new(Binary.Path, "-i");
        launch.Variables =
        [
            launch.Mark, "EMPTY=", "=weird", "NO_EQUALS_SIGN", "BYTES=\u0001\u0080\u00FF\t\n", "TWICE=1", "TWICE=2",
            "LONG=" + new string('x', 100_000), string.Empty, "PATH=/bin", "DOTNET_GCHeapHardLimit=800000",
        ];
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        string environment = string.Concat(launch.Variables.Select(variable => variable + "\0"));
        Assert.Equal(Text.From(Text.Bytes(environment)), Text.From(File.ReadAllBytes($"/proc/{service}/environ")));
    }

    [Fact]
    public void TheArgumentsArriveByteForByte()
    {
        using Daemon daemon = Daemon.Interactive();
        const string Odd = "/bin/sh⇥-c⇥sleep 1000; exit⇥⇥two words⇥\u0001\u0080\u00FF\r⇥";
        daemon.Send($"service.args⇥a⇥{Odd}", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sh");
        string wanted = Text.WithTabs(Odd).Replace('\t', '\0') + "\0";
        Assert.Equal(wanted, Text.From(File.ReadAllBytes($"/proc/{service}/cmdline")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("trap '' HUP INT QUIT PIPE TERM USR1 USR2 CHLD ALRM TSTP TTOU XFSZ")]
    public void DispositionsAreDefaultAndTheMaskIsEmpty(string before)
    {
        Launch launch = new Launch(Binary.Path, "-i").After(before);
        launch.Blocked.AddRange([SIGINT, SIGTERM, SIGUSR1, SIGPIPE, SIGCHLD, 40]);
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        Assert.Equal(0UL, Proc.SignalSet(service, "SigBlk"));
        Assert.Equal(0UL, Proc.SignalSet(service, "SigIgn"));
        Assert.Equal(0UL, Proc.SignalSet(service, "SigCgt"));
        Assert.Equal(0UL, Proc.SignalSet(service, "SigPnd"));
        int[] heard = [SIGINT, SIGHUP, SIGTERM, SIGUSR1, SIGUSR2, SIGQUIT, SIGPIPE, SIGCHLD, SIGSEGV, 40];
        Assert.DoesNotContain(heard, signal => ((Proc.SignalSet(daemon.Pid, "SigBlk") >> (signal - 1)) & 1) != 0);
        Assert.Equal("0077", Proc.Status(service, "Umask"));
    }

    // Before Linux 5.5, or under a filter that knows only clone(2), the child resets each signal itself.
    [StraceFact]
    public void DispositionsAreDefaultWithoutClone3()
    {
        using Scratch scratch = new();
        Launch launch = new Launch(Binary.Path, "-i").After("trap '' HUP PIPE").Under(
            "/usr/bin/strace", "-qq", "-o", scratch["calls"], "-e", "trace=clone,clone3", "-e", "signal=none",
            "-e", "inject=clone3:error=EPERM");
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        Assert.Contains("(INJECTED)", File.ReadAllText(scratch["calls"]));
        Assert.Equal(0UL, Proc.SignalSet(service, "SigBlk") | Proc.SignalSet(service, "SigIgn"));
    }

    [Theory]
    [InlineData("umask 000")]
    [InlineData("umask 777")]
    public void TheUmaskIsAlways077(string before)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive(new Launch(Binary.Path, "-i").After(before));
        daemon.Send($"service.args⇥a⇥/bin/sh⇥-c⇥umask >{scratch["mask"]}", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        Assert.Equal("0077\n", File.ReadAllText(scratch["mask"]));
    }

    [Fact]
    public void DirectorySessionAndGroupAreTheDaemons()
    {
        using Scratch scratch = new();
        Directory.CreateDirectory(scratch["here"]);
        Launch launch = new(Binary.Path, "-i") { Directory = scratch["here"], HasOwnSession = true };
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Assert.Equal(scratch["here"], new FileInfo($"/proc/{service}/cwd").LinkTarget);

        // State, parent, process group, session: the fields after the name, proc_pid_stat(5).
        string[] stat = File.ReadAllText($"/proc/{service}/stat").Split(") ")[^1].Split(' ');
        Assert.Equal([$"{daemon.Pid}", $"{daemon.Pid}", $"{daemon.Pid}"], stat[1..4]);
    }

    [Fact]
    public void AServiceThatWritesToNobodyIsKilledBySigpipe()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("fd.pipe⇥r⇥w", "service.fds⇥a⇥null⇥w⇥null", "service.args⇥a⇥/usr/bin/yes", "fd.delete⇥r");
        daemon.Send("service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGPIPE⇥*⇥*");
    }

    [Fact]
    public void NothingOfTheDaemonIsLeftInTheProcess()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        Assert.Single(Directory.GetDirectories($"/proc/{service}/task"));
        Assert.DoesNotContain(
            File.ReadAllLines($"/proc/{service}/maps"), line => line.Contains("daemonproxy", StringComparison.Ordinal));
    }
}
