using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Crashes;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Ends;

/// <summary>Another program instead of exiting, on every way out.</summary>
public class ExitProgramTests
{
    private const string Nothing = "/dev/null";
    private static readonly int[] Standard = [0, 1, 2];

    [Theory]
    [InlineData(1, "--help")]
    [InlineData(1, "-ih")]
    [InlineData(1, "--version")]
    [InlineData(2, "--nonsense")]
    [InlineData(2, "-i", "word")]
    [InlineData(2, "-c")]
    [InlineData(2, "-i", "--exit-guard", "x")]
    [InlineData(2)]
    [InlineData(2, "-c", "/no/such/file")]
    [InlineData(2, "-i", "--fd-pool", "7")]
    [InlineData(3, "-S", "/no/such/directory/socket")]
    [InlineData(3, "-S", "/dev/null")]
    [InlineData(3, "-D", "-S", "/dev/null")]
    public void AStartThatDoesNotComeAbout(int code, params string[] options)
    {
        Launch launch = new Launch([Binary.Path, .. Successor.Option, .. options]).After("exec 7>/dev/null");
        using Daemon daemon = Daemon.Start(launch);

        // In the background nothing but errors is said.
        Successor successor = Successor.Await(daemon, code, isLogged: !options.Contains("-D"));

        // What was inherited would have had a name.
        Assert.Equal([0, 1, 2, 7], successor.Descriptors.Keys);
        Assert.Equal(launch.Variables, successor.Inherited.Where(variable => !IsOfTheShell(variable)));
    }

    [Fact]
    public void AConfigThatMayNotBeRead()
    {
        using Scratch scratch = new();
        string config = scratch.Write("config", "echo⇥hello\n");
        File.SetUnixFileMode(config, UnixFileMode.None);
        Launch launch = new([Binary.Path, .. Successor.Option, "-c", config]);
        if (Environment.IsPrivilegedProcess)
        {
            launch.Under("/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all");
        }

        using Daemon daemon = Daemon.Start(launch);
        daemon.Log.Await("fatal: Unable to process config file");
        Assert.Equal(Standard, Successor.Await(daemon, code: 3).Descriptors.Keys);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ASessionWithoutItsDescriptors(int closed)
    {
        Launch launch = new Launch([Binary.Path, "-i", .. Successor.Option]).After($"exec {closed}>&-");
        using Daemon daemon = Daemon.Start(launch);
        daemon.Log.Await("fatal: stdin/stdout are not usable!");
        Successor successor = Successor.Await(daemon, code: 3);
        Assert.Equal(Standard, successor.Descriptors.Keys);
        Assert.Equal(Nothing, successor.Descriptors[closed]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheEndOfTheSession(bool isTold)
    {
        using Daemon daemon = Daemon.Interactive(Successor.Option);
        if (isTold)
        {
            daemon.Send("exit");
        }

        daemon.EndInput();
        Successor.Await(daemon, code: 0);
        Assert.Equal(
            ["info: interactive session ended", "info: daemonproxy exiting",
                "warning: daemonproxy exec_on_exit to 'sleep'"],
            daemon.Log.All.TrimEnd().Split('\n'));
    }

    [Fact]
    public void TerminateWithWhatWasAskedForLast()
    {
        using Daemon daemon = Daemon.Interactive("-E", "/no/such/program");
        daemon.Send("service.args⇥a⇥/bin/sleep⇥999", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        daemon.Send($"terminate.exec_args⇥{Successor.Args}", "terminate⇥300");
        Successor successor = Successor.Await(daemon, code: 44);
        Assert.Equal("terminated normally", successor.Error);
        Assert.Equal([service], Proc.Children(daemon.Pid));
        Assert.Contains($"warning: service 'a' running as pid {service}\n", daemon.Log.All, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SignalFromOutsideTests.FatalSignals), MemberType = typeof(SignalFromOutsideTests))]
    public void AFatalSignalThatAnotherProcessSends(int signal)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive([.. Successor.Option, "-S", scratch["socket"]]);
        daemon.Signal(signal);
        Successor successor = Successor.Await(daemon, code: 4);
        Assert.StartsWith("got SIG", successor.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(scratch["socket"]));
        Assert.Equal(Standard, successor.Descriptors.Keys.Intersect(Standard));
    }

    [Fact]
    public void AFatalSignalToADaemonInTheBackground()
    {
        using Scratch scratch = new();
        using Daemon parent = Daemon.Start(["-D", .. Successor.Option, "-S", scratch["socket"]]);
        Assert.Empty(parent.AwaitOutputEnd());
        int pid = int.Parse(parent.Heard, CultureInfo.InvariantCulture);
        _ = kill(pid, SIGABRT);
        Proc.AwaitRest(pid, "sleep");
        Assert.Contains(
            "\0DAEMONPROXY_EXITCODE=4\0", File.ReadAllText($"/proc/{pid}/environ"), StringComparison.Ordinal);
    }

    [Fact]
    public void CrashesOfItsOwnThatComeTooCloseTogether()
    {
        const int Survived = 8;
        using Daemon daemon = Daemon.Interactive(["--debug-crash", .. Successor.Option]);
        for (int crash = 0; crash < Survived; crash++)
        {
            daemon.Send("debug.crash⇥null");
            daemon.Await("overflow");
        }

        daemon.Send("debug.crash⇥null");
        Assert.NotEqual("terminated normally", Successor.Await(daemon, code: 4).Error);
    }

    [Fact]
    public void TheExitProgramHasTheNamedDescriptorsAndNothingElseOfTheDaemon()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive([.. Successor.Option, "-S", scratch["socket"]]);
        using Connection connection = Connection.To(scratch["socket"]);
        connection.Sync();
        daemon.Send(
            "fd.pipe⇥r⇥w", "fd.pipe⇥x⇥y⇥unix", $"fd.open⇥f⇥write,create⇥{scratch["file"]}",
            $"fd.socket⇥s⇥listen⇥{scratch["other"]}", "service.args⇥a⇥/bin/sleep⇥999",
            "service.fds⇥a⇥control.socket", "service.start⇥a");
        daemon.AwaitUp("a");
        SortedDictionary<int, string> before = Proc.Descriptors(daemon.Pid);
        daemon.Send("terminate⇥0");
        SortedDictionary<int, string> after = Successor.Await(daemon, code: 0).Descriptors;
        Assert.All(after, pair => Assert.Equal(before[pair.Key], pair.Value));
        Assert.Equal(Standard, after.Keys.Take(Standard.Length));
        string[] named = [.. after.Skip(Standard.Length).Select(pair => pair.Value.Split(':')[0]).Order()];

        // Three that are nothing: null, and what stands for stdin and stdout.
        Assert.Equal(
            [Nothing, Nothing, Nothing, scratch["file"], "pipe", "pipe", "socket", "socket", "socket"], named);
        connection.AwaitOutputEnd();
    }

    [Fact]
    public void TheExitProgramHasTheUmaskDirectoryAndDispositionsOfAFreshProcess()
    {
        using Scratch scratch = new();
        Launch launch = new Launch([Binary.Path, "-i", .. Successor.Option])
            .After("umask 027; trap '' HUP INT QUIT PIPE TERM USR1 USR2 CHLD ALRM TSTP TTOU XFSZ");
        launch.Blocked.AddRange([SIGINT, SIGTERM, SIGUSR1, SIGPIPE, SIGCHLD, 40]);
        launch.Variables.AddRange(["DAEMONPROXY_EXITCODE=old", "DAEMONPROXY_ERROR=old", "OTHER=\u0080\u0001"]);
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Ask($"chdir⇥{scratch["."]}");
        daemon.Signal(SIGHUP);
        daemon.Await("signal⇥SIGHUP⇥*⇥1");
        daemon.Send("terminate⇥0");
        Successor successor = Successor.Await(daemon, code: 0);
        Assert.Contains("OTHER=\u0080\u0001", successor.Inherited);
        Assert.Equal("0027", Proc.Status(daemon.Pid, "Umask"));
        Assert.Equal(scratch["."].TrimEnd('.', '/'), new FileInfo($"/proc/{daemon.Pid}/cwd").LinkTarget);
    }

    [Fact]
    public void ItsOutputIsAsTheDaemonFoundIt()
    {
        (Fd reader, Fd writer) = Fd.Pipe();
        using LineStream output = new(reader, "the output");
        Launch launch = new([Binary.Path, "-i", .. Successor.Option]);
        launch.Descriptors[1] = writer;
        using (Daemon daemon = Daemon.Start(launch))
        {
            daemon.Send("echo⇥hello");
            output.Await("hello");
            daemon.Send("terminate⇥0");
            Successor.Await(daemon, code: 0);
            Assert.Equal(0, fcntl(writer.Number, F_GETFL, 0) & O_NONBLOCK);
        }

        writer.Dispose();
    }

    [Theory]
    [InlineData("/no/such/program", "No such file or directory")]
    [InlineData("no-such-program", "No such file or directory")]
    [InlineData("/dev/null⇥x", "Permission denied")]
    public void AnExitProgramThatCannotBeExecutedIsReported(string args, string reason)
    {
        string program = args.Split('⇥')[0];
        using Daemon daemon = Daemon.Interactive("-E", args);
        daemon.Send("terminate⇥9");
        Assert.Equal(9, daemon.AwaitExit().Code);
        Assert.Equal(
            ["info: daemonproxy exiting", $"warning: daemonproxy exec_on_exit to '{program}'",
                $"error: Unable to exec \"{program}\": {reason}"],
            daemon.Log.AwaitEnd());
        using Daemon help = Daemon.Start("-E", args, "--help");
        Assert.Equal(1, help.AwaitExit().Code);
        Assert.Equal(
            [$"warning: daemonproxy exec_on_exit to '{program}'", $"error: Unable to exec \"{program}\": {reason}"],
            help.Log.AwaitEnd());
    }

    private static bool IsOfTheShell(string variable) =>
        variable.StartsWith("PWD=", StringComparison.Ordinal) || variable.StartsWith("_=", StringComparison.Ordinal)
        || variable.StartsWith("OLDPWD=", StringComparison.Ordinal);
}
