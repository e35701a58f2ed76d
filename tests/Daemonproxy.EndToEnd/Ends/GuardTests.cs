using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Ends;

/// <summary>Under a guard nothing but terminate and a program in its place ends the daemon.</summary>
public class GuardTests
{
    private static readonly string[] Guarded = ["--exit-guard", "5"];

    [Fact]
    public void TheEndOfTheSessionDoesNotEndIt()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive([.. Guarded, .. Successor.Option, "-S", scratch["socket"]]);
        daemon.EndInput();
        daemon.Log.Await("warning: interactive session ended, but not exiting due to terminate-guard");
        using Connection connection = Connection.To(scratch["socket"]);
        Assert.Equal(
            ["error⇥terminate guard code required, for command \"terminate⇥1\"",
                "error⇥incorrect terminate guard code, for command \"terminate⇥1⇥4\""],
            connection.Ask("terminate⇥1", "terminate⇥1⇥4"));
        connection.Send("terminate⇥1⇥5");
        Assert.Equal("terminated normally", Successor.Await(daemon, code: 1).Error);
    }

    [Theory]
    [InlineData("Can't create controller socket", "-i", "-S", "/no/such/directory/socket")]
    [InlineData("Can't create controller socket", "-i", "-S", "/dev/null")]
    public void AnEnvironmentThatIsWrongIsReportedAndItGoesOn(string message, params string[] options)
    {
        using Daemon daemon = Daemon.Interactive([.. Guarded, .. options]);
        daemon.Log.Await($"fatal: (attempting to continue) {message}");
        Assert.Equal(["hello"], daemon.Ask("echo⇥hello"));
    }

    [Fact]
    public void ASessionWithoutInputIsReportedAndTheSocketServes()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Start(
            new Launch([Binary.Path, .. Guarded, "-i", "-S", scratch["socket"]]).After("exec 0<&-"));
        daemon.Log.Await("fatal: (attempting to continue) stdin/stdout are not usable!");
        using Connection connection = Connection.To(scratch["socket"]);
        Assert.Equal(["hello"], connection.Ask("echo⇥hello"));
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("-c", "/no/such/file")]
    [InlineData]
    public void WrongOptionsStillEndIt(params string[] options)
    {
        using Daemon daemon = Daemon.Start([.. Guarded, .. options]);
        Assert.Equal(2, daemon.AwaitExit().Code);
    }

    [Fact]
    public void AProgramThatCannotBeExecutedLeavesEverythingAsItWas()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive([.. Guarded, "-E", "/no/such/program", "-S", scratch["socket"]]);
        using Connection before = Connection.To(scratch["socket"]);
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        before.Sync();
        int descriptors = daemon.OpenDescriptors(daemon.Pid);
        daemon.Send("terminate⇥1⇥5");
        daemon.Log.Await("error: Unable to exec \"/no/such/program\": No such file or directory");
        Assert.Equal(["hello"], before.Ask("echo⇥hello"));
        Assert.Equal(["hello"], daemon.Ask("echo⇥hello"));
        Assert.Equal(descriptors, daemon.OpenDescriptors(daemon.Pid));
        using Connection after = Connection.To(scratch["socket"]);
        Assert.Equal(["hello"], after.Ask("echo⇥hello"));

        // Handlers, the program kept for a crash, and children, too.
        daemon.Signal(SIGHUP);
        daemon.Await("signal⇥SIGHUP⇥*⇥1");
        daemon.Send("terminate.exec_args");
        daemon.Sync();
        daemon.Signal(SIGSEGV);
        daemon.Await("overflow");
        _ = kill(service, SIGKILL);
        daemon.Await($"service.state⇥a⇥down⇥*⇥{service}⇥signal⇥SIGKILL⇥*⇥*");
        daemon.Send("terminate⇥1⇥5", "terminate.guard⇥-⇥5", "terminate⇥7");
        Assert.Equal(7, daemon.AwaitExit().Code);
    }

    [Fact]
    public void AFatalSignalStillEndsIt()
    {
        using Daemon daemon = Daemon.Interactive([.. Guarded, .. Successor.Option]);
        daemon.Signal(SIGSEGV);
        Successor.Await(daemon, code: 4);
    }

    [Fact]
    public void ASignalIsSurvivedWhenNothingCanBeExecuted()
    {
        using Daemon daemon = Daemon.Interactive([.. Guarded, "-E", "/no/such/program"]);
        daemon.Signal(SIGSEGV);
        daemon.Log.Await("error: Unable to exec \"/no/such/program\": No such file or directory");
        Assert.Equal(["hello"], daemon.Ask("echo⇥hello"));
        Assert.False(daemon.HasEnded);
    }

    [PidNamespaceFact]
    public void Process1IsGuardedWithOne()
    {
        using Daemon daemon = AsProcess1("-i", "--nonsense", "word", "-c", "/no/such/file");
        daemon.Log.Await("fatal: (attempting to continue) Unknown option --nonsense  (see --help)");
        daemon.Log.Await("fatal: (attempting to continue) Unexpected argument \"word\"");
        daemon.Log.Await("fatal: (attempting to continue) Cannot stat configfile \"/no/such/file\"");
        Assert.Equal(
            ["error⇥terminate guard code required, for command \"terminate⇥0\"",
                "error⇥cannot exit, and exec-on-exit is not configured, for command \"terminate⇥0⇥1\"",
                "error⇥cannot exit, and exec-on-exit is not configured, for command \"terminate⇥0\""],
            daemon.Ask("terminate⇥0", "terminate⇥0⇥1", "terminate.guard⇥-⇥1", "terminate⇥0"));
        daemon.EndInput();
        daemon.Log.Await("error: (attempting to continue) interactive session ended");
        Assert.Equal("daemonproxy", Proc.Status(daemon.Pid, "Name"));
    }

    [PidNamespaceFact]
    public void Process1BecomesAnotherProgram()
    {
        using Daemon daemon = AsProcess1("-i", "-c", "/dev/null");
        daemon.Send($"terminate.exec_args⇥{Successor.Args}", "terminate⇥2⇥1");
        Successor successor = Successor.Await(daemon, code: 2);
        Assert.Equal("terminated normally", successor.Error);
        Assert.Equal("1", Proc.Status(daemon.Pid, "NSpid").Split('\t')[^1]);
    }

    private static Daemon AsProcess1(params string[] options)
    {
        Daemon daemon = Daemon.Interactive(new Launch([Binary.Path, .. options]).Under(
            "/usr/bin/unshare", "--pid", "--fork", "--mount-proc", "--kill-child=KILL"));
        daemon.IsChild();
        return daemon;
    }
}
