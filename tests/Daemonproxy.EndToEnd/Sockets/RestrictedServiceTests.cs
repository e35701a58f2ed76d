using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Sockets;

/// <summary>A daemon that is root, and peers of a control socket that may run jobs only, as their user.</summary>
public class RestrictedServiceTests
{
    // The user and the group of `daemon` of Debian.
    private const string User = "1";

    [RootFact]
    public void AServiceRunsAsTheUserOfItsSocketWhateverItAsks()
    {
        using Scratch scratch = new();
        using Daemon daemon = Start(scratch);
        using Connection peer = Connection.To(scratch["jobs"]);
        peer.Send("service.args⇥web.1⇥/bin/sleep⇥1000", "service.user⇥web.1⇥root⇥root");
        peer.Await("warning⇥service \"web.1\" runs as the user of its control socket, whatever is set here");
        peer.Send("service.process⇥web.1⇥oom=500⇥nice=5⇥umask=027");
        peer.Send("service.limits⇥web.1⇥nofile=64:64", "service.start⇥web.1");
        peer.Await("service.state⇥web.1⇥up⇥*⇥*⇥-⇥-⇥*⇥-");
        int service = daemon.AwaitUp("web.1");
        Proc.AwaitRest(service, "sleep");

        Assert.Equal(string.Join('\t', User, User, User, User), Proc.Status(service, "Uid"));
        Assert.Equal(string.Join('\t', User, User, User, User), Proc.Status(service, "Gid"));
        Assert.Equal("", Proc.Status(service, "Groups").Trim());
        Assert.Equal("0000000000000000", Proc.Status(service, "CapPrm"));
        Assert.Equal("0000000000000000", Proc.Status(service, "CapEff"));
        Assert.Equal("0027", Proc.Status(service, "Umask"));
        Assert.Equal("500", File.ReadAllText($"/proc/{service}/oom_score_adj").Trim());

        // Somebody else who may do everything changes the setting, and not the user.
        daemon.Send("service.signal⇥web.1⇥KILL", "service.user⇥web.1⇥root");
        daemon.Await("service.state⇥web.1⇥down⇥*⇥*⇥signal⇥SIGKILL⇥*⇥*");
        daemon.Send("service.start⇥web.1");
        int again = daemon.AwaitUp("web.1");
        Proc.AwaitRest(again, "sleep");
        Assert.Equal(string.Join('\t', User, User, User, User), Proc.Status(again, "Uid"));
    }

    [RootFact]
    public void TheKernelRefusesWhatThatUserMayNot()
    {
        using Scratch scratch = new();
        Directory.CreateDirectory(scratch["closed"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using Daemon daemon = Start(scratch);
        using Connection peer = Connection.To(scratch["jobs"]);
        string limit = File.ReadLines($"/proc/{daemon.Pid}/limits").First(
            line => line.StartsWith("Max open files", StringComparison.Ordinal));
        ulong hard = ulong.Parse(
            limit.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4], CultureInfo.InvariantCulture);
        (string Setting, string Failure)[] steps =
        [
            ("service.process⇥web.1⇥nice=-5", "nice⇥EACCES⇥nice=-5"),
            ($"service.limits⇥web.1⇥nofile={hard + 1}:{hard + 1}", $"limits⇥EPERM⇥nofile={hard + 1}:{hard + 1}"),
            ("service.process⇥web.1⇥sched=fifo:1", "sched⇥EPERM⇥sched=fifo:1"),
            ($"service.dir⇥web.1⇥{scratch["closed"]}", $"dir⇥EACCES⇥{Cut(scratch["closed"])}"),
        ];
        foreach ((string setting, string failure) in steps)
        {
            peer.Send("service.args⇥web.1⇥/bin/true", setting, "service.start⇥web.1");
            peer.Await($"service.failed⇥web.1⇥*⇥{failure}");
            peer.Await("service.state⇥web.1⇥down⇥*⇥*⇥exit⇥3⇥*⇥*");
            peer.Send("service.delete⇥web.1");
            peer.Await("service.state⇥web.1⇥deleted⇥-⇥-⇥-⇥-⇥-⇥-");
        }

        Assert.Equal(
            ["error⇥not allowed, for command \"service.root⇥web.1⇥/srv\""], peer.Ask("service.root⇥web.1⇥/srv"));
    }

    [RootFact]
    public void APeerThatIsNobodyRunsJobsAndNothingElse()
    {
        using Scratch scratch = new();
        using Daemon daemon = Start(scratch);
        daemon.Send("service.args⇥db⇥/bin/sleep⇥1000");
        string[] told = Send(
            scratch["jobs"], "service.args⇥web.1⇥/usr/bin/id⇥-un", "service.start⇥db", "service.start⇥web.1",
            "stats", "terminate⇥0", "socket.delete⇥jobs", "statedump");

        Assert.Contains("error⇥No such service, for command \"service.start⇥db\"", told);
        Assert.Contains("error⇥not allowed, for command \"stats\"", told);
        Assert.Contains("error⇥not allowed, for command \"terminate⇥0\"", told);
        Assert.Contains("service.args⇥web.1⇥/usr/bin/id⇥-un", told);
        Assert.DoesNotContain(
            told, line => line.Contains("⇥db⇥", StringComparison.Ordinal) && line[0] == 's');
        Assert.Contains(daemon.Ask("echo⇥here"), line => line == "here");
        Assert.Empty(Send(scratch["everything"], "stats"));
    }

    [RootFact]
    public void RightsSurviveACrashAndAnUpgrade()
    {
        using Scratch scratch = new();
        using Daemon daemon = Start(scratch);
        using Connection peer = Connection.To(scratch["jobs"]);
        peer.Send("service.args⇥web.1⇥/bin/sleep⇥1000", "service.start⇥web.1");
        daemon.AwaitUp("web.1");
        foreach (string command in (string[])["debug.crash⇥wild", "reexec⇥-"])
        {
            daemon.Send(command);
            Assert.Contains("here", daemon.Ask("echo⇥here"));
            Assert.Contains("error⇥not allowed, for command \"stats\"", peer.Ask("stats"));
            using Connection other = Connection.To(scratch["jobs"]);
            Assert.Contains("error⇥not allowed, for command \"stats\"", other.Ask("stats"));
            Assert.Contains("service.tags⇥web.1⇥mine", other.Ask("service.tags⇥web.1⇥mine"));
        }

        daemon.Send("socket.delete⇥jobs");
        Assert.Contains("error⇥not allowed, for command \"stats\"", peer.Ask("stats"));
        peer.Send("service.signal⇥web.1⇥KILL");
        daemon.Await("service.state⇥web.1⇥down⇥*⇥*⇥signal⇥SIGKILL⇥*⇥*");
        peer.Send("service.start⇥web.1");
        int again = daemon.AwaitUp("web.1");
        Proc.AwaitRest(again, "sleep");
        Assert.Equal(string.Join('\t', User, User, User, User), Proc.Status(again, "Uid"));
    }

    [RootFact]
    public void LaunchesThatHangLeaveSlotsToOthers()
    {
        const int Programs = 10;
        using Scratch scratch = new();
        using Daemon daemon = Start(scratch);
        for (int index = 0; index < Programs; index++)
        {
            string program = scratch.Script($"leased{index}", "exit 42");
            File.SetUnixFileMode(program, (UnixFileMode)0x1ED);
        }

        string holder = Python.Service(scratch, "holder", $"""
            import fcntl, os, signal
            signal.signal(signal.SIGIO, signal.SIG_IGN)
            held = [os.open("{scratch["leased"]}" + str(i), os.O_RDWR) for i in range({Programs})]
            for fd in held:
                fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            open("{scratch["held"]}", "w").close()
            signal.pause()
            """);
        daemon.Send($"service.args⇥holder⇥{holder}", "service.start⇥holder");
        Patience.Until(() => File.Exists(scratch["held"]), "the leases are held");
        using Connection peer = Connection.To(scratch["jobs"]);
        for (int index = 0; index < Programs; index++)
        {
            peer.Send($"service.args⇥web.{index}⇥{scratch["leased"]}{index}", $"service.start⇥web.{index}");
        }

        Patience.Until(
            () => daemon.Ask("stats⇥launches.waiting").Contains("stats⇥launches.waiting⇥4"), "four launches hang");
        daemon.Send("service.args⇥other⇥/bin/true", "service.start⇥other");
        daemon.Await("service.state⇥other⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        Assert.Contains("stats⇥launches.waiting⇥4", daemon.Ask("stats⇥launches.waiting"));
        daemon.Send("service.signal⇥holder⇥KILL");
        Patience.Until(
            () => daemon.Dump().Count(line => Text.Matches(line, "service.state⇥*⇥down⇥*⇥*⇥exit⇥42⇥*⇥*")) == Programs,
            "all have run");
    }

    private static Daemon Start(Scratch scratch)
    {
        File.SetUnixFileMode(Path.GetDirectoryName(scratch["x"])!, (UnixFileMode)0x1ED);
        Daemon daemon = Daemon.Interactive("--debug-crash");
        Assert.Contains(
            $"socket.state⇥jobs⇥name=jobs,mode=0666,allow=jobs,prefix=web.,user=daemon⇥{scratch["jobs"]}",
            daemon.Ask($"socket.create⇥name=jobs,mode=0666,allow=jobs,prefix=web.,user=daemon⇥{scratch["jobs"]}"));
        daemon.Ask($"socket.create⇥-⇥{scratch["everything"]}");
        return daemon;
    }

    // As nobody, with the client of the daemon.
    private static string[] Send(string socket, params string[] lines)
    {
        Launch launch = new(Binary.Path, "--send", socket);
        launch.Under("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        using Daemon client = Daemon.Start(launch);
        client.SendRaw(Text.WithTabs(string.Join('\n', lines) + "\n"));
        client.EndInput();
        client.AwaitExit();
        return [.. client.AwaitOutputEnd().Select(Text.Shown)];
    }

    private static string Cut(string text) => text[..Math.Min(text.Length, 63)];
}
