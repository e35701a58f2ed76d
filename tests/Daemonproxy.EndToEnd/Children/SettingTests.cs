using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Children;

/// <summary>The settings of a service, as its process has them.</summary>
public class SettingTests
{
    [Fact]
    public void ChangesOfTheEnvironmentLeaveTheOthers()
    {
        Launch launch = new(Binary.Path, "-i");
        launch.Variables = [launch.Mark, "PATH=/bin", "GONE=1", "KEPT=2", "CHANGED=3"];
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send(
            "service.args⇥a⇥/bin/sleep⇥1000", "service.env⇥a⇥GONE⇥CHANGED=first⇥NEW=a b=c⇥CHANGED=last⇥NONE",
            "service.start⇥a");

        Assert.Equal(
            [launch.Mark, "PATH=/bin", "KEPT=2", "NEW=a b=c", "CHANGED=last"], EnvironmentOf(daemon.AwaitUp("a")));
    }

    [Fact]
    public void TheEnvironmentCanStartFromNothing()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.env⇥a⇥-⇥A=1", "service.start⇥a");

        Assert.Equal(["A=1"], EnvironmentOf(daemon.AwaitUp("a")));
    }

    [Fact]
    public void TheProgramIsSearchedInThePathOfTheService()
    {
        using Scratch scratch = new();
        string directory = Path.GetDirectoryName(scratch.Script("only-here", "exit 7"))!;
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥only-here", $"service.env⇥a⇥PATH={directory}", "service.start⇥a");

        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥7⇥*⇥*");
    }

    [Fact]
    public void ASettingCountsFromTheNextStart()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int first = daemon.AwaitUp("a");
        daemon.Send("service.dir⇥a⇥/usr", "service.signal⇥a⇥KILL");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGKILL⇥*⇥*");
        Assert.NotEqual("/usr", new FileInfo($"/proc/{first}/cwd").LinkTarget);
        daemon.Send("service.start⇥a");
        int second = daemon.AwaitUp("a");
        Proc.AwaitRest(second, "sleep");

        Assert.Equal("/usr", new FileInfo($"/proc/{second}/cwd").LinkTarget);
    }

    [Fact]
    public void SettingsSurviveACrashAndAnUpgrade()
    {
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        daemon.Send(
            "service.args⇥a⇥/bin/sleep⇥1000", "service.dir⇥a⇥/usr", "service.env⇥a⇥-⇥A=1",
            "service.process⇥a⇥umask=022⇥nice=5", "service.listen⇥a⇥+", "debug.crash⇥wild");
        daemon.Await("overflow");
        daemon.Send("reexec⇥-", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");

        Assert.Equal("/usr", new FileInfo($"/proc/{service}/cwd").LinkTarget);
        Assert.Equal("0022", Proc.Status(service, "Umask"));
        Assert.Equal(
            ["A=1", "LISTEN_FDNAMES=", "LISTEN_FDS=0", $"LISTEN_PID={service}"], EnvironmentOf(service));
    }

    [Fact]
    public void AttributesAreThoseOfTheProcess()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            "service.args⇥a⇥/bin/sleep⇥1000", "service.limits⇥a⇥nofile=100:200⇥core=0⇥fsize=1M",
            "service.process⇥a⇥umask=027⇥nice=5⇥oom=500⇥session⇥no-new-privs⇥cpus=0⇥sched=batch⇥ionice=idle",
            "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");

        Assert.Equal("0027", Proc.Status(service, "Umask"));
        Assert.Equal("1", Proc.Status(service, "NoNewPrivs"));
        Assert.Equal("0", Proc.Status(service, "Cpus_allowed_list"));
        Assert.Equal("500", File.ReadAllText($"/proc/{service}/oom_score_adj").Trim());
        Assert.NotEqual("500", File.ReadAllText($"/proc/{daemon.Pid}/oom_score_adj").Trim());
        string[] limits = File.ReadAllLines($"/proc/{service}/limits");
        Assert.Contains(limits, line => LimitIs(line, "Max open files", "100", "200"));
        Assert.Contains(limits, line => LimitIs(line, "Max core file size", "0", "0"));
        Assert.Contains(limits, line => LimitIs(line, "Max file size", "1048576", "1048576"));

        // The process group and the session, then the nice value and the policy, proc_pid_stat(5).
        string[] stat = File.ReadAllText($"/proc/{service}/stat").Split(") ")[^1].Split(' ');
        Assert.Equal([$"{service}", $"{service}"], stat[2..4]);
        Assert.Equal("5", stat[16]);
        Assert.Equal("3", stat[38]);
    }

    [Fact]
    public void AServiceHasAControllingTerminal()
    {
        (Fd master, Fd terminal) = Fd.Pseudoterminal();
        using (master)
        using (terminal)
        {
            string path = new FileInfo($"/proc/self/fd/{terminal.Number}").LinkTarget!;
            using Daemon daemon = Daemon.Interactive();
            daemon.Send(
                $"fd.open⇥tty⇥read,write⇥{path}", "service.fds⇥a⇥tty⇥tty⇥tty", "service.process⇥a⇥tty=0",
                "service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
            int service = daemon.AwaitUp("a");
            Proc.AwaitRest(service, "sleep");

            // The group, the session and the terminal, whose major number is 136, proc_pid_stat(5).
            string[] stat = File.ReadAllText($"/proc/{service}/stat").Split(") ")[^1].Split(' ');
            Assert.Equal([$"{service}", $"{service}"], stat[2..4]);
            Assert.Equal(136, (int.Parse(stat[4], CultureInfo.InvariantCulture) >> 8) & 0xFFF);
        }
    }

    [RootFact]
    public void NothingIsLeftOfRootButWhatIsKept()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            "service.args⇥a⇥/bin/sleep⇥1000", "service.user⇥a⇥nobody⇥12345⇥23456⇥34567",
            "service.process⇥a⇥caps=net_bind_service⇥no-new-privs⇥umask=027", "service.limits⇥a⇥nofile=100:200",
            "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");

        Assert.Equal("65534\t65534\t65534\t65534", Proc.Status(service, "Uid"));
        Assert.Equal("12345\t12345\t12345\t12345", Proc.Status(service, "Gid"));
        Assert.Equal("23456 34567", Proc.Status(service, "Groups").Trim());
        foreach (string set in (string[])["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])
        {
            Assert.Equal("0000000000000400", Proc.Status(service, set));
        }

        Assert.Equal("1", Proc.Status(service, "NoNewPrivs"));
        Assert.Equal("0027", Proc.Status(service, "Umask"));
        Assert.Contains(
            File.ReadLines($"/proc/{service}/limits"), line => LimitIs(line, "Max open files", "100", "200"));

        // PR_GET_SECUREBITS, which only the process itself can ask for, and 64 are its exit code.
        daemon.Send(
            "service.args⇥a⇥/usr/bin/env⇥python3⇥-ISc⇥"
                + "import ctypes, sys; sys.exit(64 + ctypes.CDLL(None).prctl(27, 0, 0, 0, 0))",
            "service.stop⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGTERM⇥*⇥*");
        daemon.Send("service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥64⇥*⇥*");
    }

    [RootFact]
    public void AUserWithoutCapabilitiesHasNone()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.user⇥a⇥1000⇥1000⇥-", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");

        Assert.Equal("1000\t1000\t1000\t1000", Proc.Status(service, "Uid"));
        Assert.Equal("", Proc.Status(service, "Groups").Trim());
        Assert.Equal("0000000000000000", Proc.Status(service, "CapPrm"));
        Assert.Equal("0000000000000000", Proc.Status(service, "CapEff"));
        Assert.Equal("0000000000000000", Proc.Status(service, "CapAmb"));
    }

    [RootFact]
    public void AUserGetsTheVariablesOfItsAccount()
    {
        Launch launch = new(Binary.Path, "-i");
        launch.Variables = [launch.Mark, "HOME=/root", "USER=root", "SHELL=/bin/bash", "PATH=/bin"];
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send(
            "service.args⇥a⇥/bin/sleep⇥1000", "service.user⇥a⇥daemon", "service.env⇥a⇥SHELL=/bin/own",
            "service.start⇥a");
        string[] environment = EnvironmentOf(daemon.AwaitUp("a"));
        string home = File.ReadAllLines("/etc/passwd")
            .Single(line => line.StartsWith("daemon:", StringComparison.Ordinal)).Split(':')[5];

        Assert.Equal(
            [launch.Mark, "PATH=/bin", "SHELL=/bin/own", "USER=daemon", "LOGNAME=daemon", $"HOME={home}"], environment);
    }

    [RootFact]
    public void AUserHasTheGroupsThatListIt()
    {
        using Scratch scratch = new();
        string root = scratch["root"];
        Directory.CreateDirectory(Path.Combine(root, "etc"));
        string many = string.Join(',', Enumerable.Range(0, 3000).Select(number => $"member{number}"));
        File.WriteAllText(
            Path.Combine(root, "etc/passwd"), "root:x:0:0::/:/bin/sh\n#odd\nann:x:4001:4002:Ann:/home/ann:/bin/sh\n");
        File.WriteAllText(
            Path.Combine(root, "etc/group"),
            $"main:x:4002:\none:x:4003:bob,ann\nlong:x:4004:{many},ann\nother:x:4005:anna,an\nlast:x:4006:ann");
        Launch launch = new("/usr/bin/unshare", "--mount", "/bin/sh", "-c",
            $"mount --bind {root}/etc /etc && exec {Binary.Path} -i");
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.user⇥a⇥ann", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");

        Assert.Equal("4001\t4001\t4001\t4001", Proc.Status(service, "Uid"));
        Assert.Equal("4002\t4002\t4002\t4002", Proc.Status(service, "Gid"));
        Assert.Equal("4003 4004 4006", Proc.Status(service, "Groups").Trim());
    }

    [RootFact]
    public void ProgramAndDirectoryAreSearchedInsideTheRoot()
    {
        using Scratch scratch = new();
        string root = scratch["root"];
        Directory.CreateDirectory(Path.Combine(root, "work"));
        string built = Path.GetDirectoryName(Path.GetDirectoryName(Binary.Static))!;
        File.Copy(Path.Combine(built, "floor", "stay"), Path.Combine(root, "stay"));
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            "service.args⇥a⇥/stay", $"service.root⇥a⇥{root}", "service.dir⇥a⇥/work", "service.user⇥a⇥nobody",
            "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "stay");

        Assert.Equal(root, new FileInfo($"/proc/{service}/root").LinkTarget);
        Assert.Equal(root + "/work", new FileInfo($"/proc/{service}/cwd").LinkTarget);
        Assert.Equal("65534\t65534\t65534\t65534", Proc.Status(service, "Uid"));
    }

    [Fact]
    public void ASocketActivatedServiceLearnsOfItsDescriptors()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            "fd.socket⇥web.http⇥tcp,listen⇥127.0.0.1:0", "fd.socket⇥web.admin⇥tcp,listen⇥127.0.0.1:0",
            "service.fds⇥a⇥null⇥null⇥null⇥web.http⇥web.admin", "service.listen⇥a⇥+",
            "service.args⇥a⇥/bin/sleep⇥1000", "service.env⇥a⇥-", "service.start⇥a");
        int service = daemon.AwaitUp("a");

        Assert.Equal(
            ["LISTEN_FDNAMES=web.http:web.admin", "LISTEN_FDS=2", $"LISTEN_PID={service}"], EnvironmentOf(service));
    }

    [Fact]
    public void AServiceEndsWithTheDaemonIfItAsksForThat()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            "service.args⇥a⇥/bin/sleep⇥1000", "service.process⇥a⇥pdeath=KILL", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        daemon.EndInput();

        Patience.Until(() => !Directory.Exists($"/proc/{service}"), "the service has ended");
    }

    private static string[] EnvironmentOf(int service)
    {
        Proc.AwaitRest(service, "sleep");
        return Text.From(File.ReadAllBytes($"/proc/{service}/environ")).Split('\0')[..^1];
    }

    private static bool LimitIs(string line, string name, string soft, string hard) =>
        line.StartsWith(name, StringComparison.Ordinal)
        && line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, var second, ..]
        && first == soft && second == hard;
}
