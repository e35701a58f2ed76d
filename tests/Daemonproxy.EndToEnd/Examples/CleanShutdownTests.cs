using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Examples;

/// <summary>The example that ends everything in order, loggers last.</summary>
public class CleanShutdownTests
{
    // Seconds until the controller asks harder: many where a test wants that a service ends by itself.
    private const int Patient = 6;
    private const int Hasty = 2;

    [Theory]
    [InlineData("controller.sh")]
    [PythonData("controller.py")]
    public void ServicesEndStageByStageAndLoggersLast(string controller)
    {
        using Scratch scratch = new();
        string folder = CopyWith(scratch, controller, Patient);
        using Daemon daemon = Daemon.Start(Launch(folder, "-qq"));
        AwaitLogged(folder, "store ");
        AwaitLogged(folder, "web ");
        daemon.Signal(SIGTERM);
        AwaitSaid(daemon, "got SIGTERM: everything ends, in order");
        AwaitSaid(daemon, "stage 1, SIGTERM for web");
        AwaitSaid(daemon, "stage 2, SIGTERM for store");
        AwaitSaid(daemon, "stage 2, SIGKILL for store");
        AwaitSaid(daemon, "stage loggers, end-of-pipe for logger");
        AwaitSaid(daemon, "everything has ended");
        Assert.Equal(new ExitStatus(0), daemon.AwaitExit());
        AssertNothingIsMissing(folder, "web", "has ended");
        AssertNothingIsMissing(folder, "store", null);
    }

    [Theory]
    [InlineData("controller.sh")]
    [PythonData("controller.py")]
    public void LinesInThePipeAreLoggedThoughTheLoggerDiesBeforeItHasReadThem(string controller)
    {
        const int Lines = 500;
        using Scratch scratch = new();
        string folder = CopyWith(scratch, controller, Hasty);
        using Daemon daemon = Daemon.Interactive(Launch(folder, "-i"));

        // The config goes on while the session is served.
        foreach (string service in (string[])["web", "store", "controller"])
        {
            FindService(daemon, service);
        }

        daemon.Ask("service.auto_up⇥web⇥-", "service.auto_up⇥store⇥-", "service.signal⇥web⇥KILL");
        daemon.Ask("service.signal⇥store⇥KILL");
        int logger = FindService(daemon, "logger");
        Patience.Until(() => Proc.Children(daemon.Pid).Length == 2, "workers have ended");
        Proc.AwaitRest(logger, "logger.sh");
        _ = kill(logger, SIGSTOP);
        Patience.Until(() => Proc.Status(logger, "State") is ['T', ..], "the logger is stopped");
        daemon.Send(
            $"service.args⇥burst⇥sh⇥-c⇥n=0; while [ $n -lt {Lines} ]; do n=$((n + 1)); echo burst 0 says $n; done",
            "service.fds⇥burst⇥null⇥log.w",
            "service.start⇥burst");
        daemon.Await("service.state⇥burst⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        daemon.Signal(SIGTERM);
        AwaitSaid(daemon, "stage loggers, end-of-pipe for logger");
        _ = kill(logger, SIGKILL);
        Assert.Equal(new ExitStatus(0), daemon.AwaitExit());
        AssertNothingIsMissing(folder, "burst", $"says {Lines}");
    }

    [Theory]
    [InlineData("controller.sh")]
    [PythonData("controller.py")]
    public void AnotherRunOfTheControllerGoesOnWhereItWasKilled(string controller)
    {
        using Scratch scratch = new();
        string folder = CopyWith(scratch, controller, Hasty);
        using Daemon daemon = Daemon.Interactive(Launch(folder, "-i"));
        AwaitLogged(folder, "store ");
        daemon.Signal(SIGTERM);
        AwaitSaid(daemon, "stage 2, SIGTERM for store");
        _ = kill(FindService(daemon, "controller"), SIGKILL);
        AwaitSaid(daemon, "got SIGTERM: everything ends, in order");
        AwaitSaid(daemon, "stage 2, SIGKILL for store");
        AwaitSaid(daemon, "everything has ended");
        Assert.Equal(new ExitStatus(0), daemon.AwaitExit());
        AssertNothingIsMissing(folder, "store", null);
    }

    [Theory]
    [InlineData("controller.sh")]
    [PythonData("controller.py")]
    public void ACrashOfTheDaemonDoesNotStopTheEnding(string controller)
    {
        using Scratch scratch = new();
        string folder = CopyWith(scratch, controller, Hasty);
        using Daemon daemon = Daemon.Interactive(Launch(folder, "-i"));
        AwaitLogged(folder, "store ");
        daemon.Signal(SIGTERM);
        AwaitSaid(daemon, "stage 2, SIGTERM for store");
        daemon.Signal(SIGSEGV);
        daemon.Await("overflow");
        AwaitSaid(daemon, "everything has ended");
        Assert.Equal(new ExitStatus(0), daemon.AwaitExit());
        AssertNothingIsMissing(folder, "store", null);
    }

    private static string CopyWith(Scratch scratch, string controller, int patience)
    {
        string folder = ExampleFolder.Copy("clean-shutdown", scratch["."]);
        string conf = Path.Combine(folder, "clean-shutdown.conf");
        string text = File.ReadAllText(conf).Replace(
            "./controller.sh\t3\t", $"./{controller}\t{patience}\t", StringComparison.Ordinal);
        Assert.Contains(controller, text, StringComparison.Ordinal);
        File.WriteAllText(conf, text);
        return folder;
    }

    private static Launch Launch(string folder, string more) =>
        new(Binary.Path, more, "-c", "clean-shutdown.conf") { Directory = folder, HasOwnSession = true };

    private static int FindService(Daemon daemon, string name)
    {
        string? line = null;
        Patience.Until(
            () => (line = daemon.Dump().FirstOrDefault(line => line.StartsWith(
                $"service.state⇥{name}⇥up⇥", StringComparison.Ordinal))) is not null,
            $"{name} is up");
        return int.Parse(line!.Split('⇥')[4], CultureInfo.InvariantCulture);
    }

    private static void AwaitSaid(Daemon daemon, string text) => daemon.Log.Await(line => line == "-- " + text, text);

    private static void AwaitLogged(string folder, string text) => Patience.Until(
        () => Log(folder).Any(line => line.Contains(text, StringComparison.Ordinal)), $"{text} is in the log");

    // DATE TIME NAME PID says N, with N from 1 on for each process, and perhaps a last line.
    private static void AssertNothingIsMissing(string folder, string name, string? last)
    {
        string[] said = [.. Log(folder)
            .Select(line => line.Split(' ', 5))
            .Where(words => words[2] == name)
            .Select(words => words[4])];
        Assert.NotEmpty(said);
        if (last is not null)
        {
            Assert.Equal(last, said[^1]);
        }

        string[] counted = [.. said.Where(text => text != "has ended")];
        Assert.Equal(Enumerable.Range(1, counted.Length).Select(n => $"says {n}"), counted);
    }

    private static string[] Log(string folder)
    {
        string log = Path.Combine(folder, "service.log");
        return File.Exists(log) ? File.ReadAllLines(log) : [];
    }
}
