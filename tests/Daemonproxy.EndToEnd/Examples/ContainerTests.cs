using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Examples;

/// <summary>The example that is process 1 of a container, in a sandbox of its own.</summary>
public class ContainerTests
{
    // Where a test wants that a service ends by itself, however slow the machine is.
    private static readonly (string Old, string New) Patient = ("controller.sh\t3\t", "controller.sh\t60\t");
    private static readonly (string Old, string New) Stubborn = ("worker.sh\tweb\n", "worker.sh\tweb\tstubborn\n");

    [PidNamespaceFact]
    public void ServicesStartInOrderAndEndInTheOppositeOrderAtSigterm()
    {
        using Scratch scratch = new();
        using Daemon daemon = Start(CopyWith(scratch, Patient));
        AwaitSaid(daemon, "starts store");
        AwaitSaid(daemon, "starts web");
        AwaitWork(daemon);
        Assert.Equal("1", Proc.Status(daemon.Pid, "NSpid").Split('\t')[^1]);
        daemon.Signal(SIGTERM);
        AwaitSaid(daemon, "got SIGTERM: everything ends, in order");
        AwaitSaid(daemon, "SIGTERM for web");
        AwaitSaid(daemon, "SIGTERM for store");
        AwaitSaid(daemon, "everything has ended");
        AwaitSaid(daemon, "the end: terminated normally");
        Assert.Equal("exit code 0", daemon.AwaitExit().ToString());
        Assert.Equal(["web has ended", "store has ended"], daemon.Output.AwaitEnd());
    }

    [PidNamespaceFact]
    public void AServiceThatDoesNotEndIsKilledAndTheCodeOfTheContainerShowsIt()
    {
        using Scratch scratch = new();
        using Daemon daemon = Start(CopyWith(scratch, Stubborn));
        AwaitWork(daemon);
        daemon.Signal(SIGTERM);
        AwaitSaid(daemon, "SIGTERM for web");
        AwaitSaid(daemon, "SIGKILL for web");
        AwaitSaid(daemon, "SIGTERM for store");
        AwaitSaid(daemon, "everything has ended");
        Assert.Equal("exit code 1", daemon.AwaitExit().ToString());
    }

    [PidNamespaceFact]
    public void AnotherRunOfTheControllerGoesOnWhereItWasKilled()
    {
        using Scratch scratch = new();
        string socket = scratch["socket"];
        using Daemon daemon = Start(CopyWith(scratch, Stubborn, Patient), "-S", socket);
        using Connection connection = Connection.To(socket);
        AwaitWork(daemon);
        daemon.Signal(SIGTERM);
        AwaitSaid(daemon, "SIGTERM for web");
        connection.Send("service.signal⇥controller⇥SIGKILL");
        AwaitSaid(daemon, "got SIGTERM: everything ends, in order");
        AwaitSaid(daemon, "SIGTERM for web");
        connection.Send("service.signal⇥web⇥SIGKILL");
        AwaitSaid(daemon, "SIGTERM for store");
        AwaitSaid(daemon, "everything has ended");
        Assert.Equal("exit code 0", daemon.AwaitExit().ToString());
    }

    [PidNamespaceFact]
    public void OrphansAreReaped()
    {
        const int Some = 5;
        using Scratch scratch = new();
        string socket = scratch["socket"];
        using Daemon daemon = Start(ExampleFolder.Copy("container", scratch["."]), "-S", socket);
        AwaitWork(daemon);
        using Connection connection = Connection.To(socket);
        Patience.Until(() => connection.Counters()["reaps.strangers"] >= Some, "orphans are reaped");
    }

    [PidNamespaceFact]
    public void AFatalSignalFromOutsideEndsTheContainer()
    {
        using Scratch scratch = new();
        using Daemon daemon = Start(ExampleFolder.Copy("container", scratch["."]));
        AwaitWork(daemon);
        daemon.Signal(SIGSEGV);
        Assert.Equal("exit code 4", daemon.AwaitExit().ToString());
    }

    private static string CopyWith(Scratch scratch, params (string Old, string New)[] changes)
    {
        string folder = ExampleFolder.Copy("container", scratch["."]);
        string conf = Path.Combine(folder, "container.conf");
        string text = File.ReadAllText(conf);
        foreach ((string old, string changed) in changes)
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            text = text.Replace(old, changed, StringComparison.Ordinal);
        }

        File.WriteAllText(conf, text);
        return folder;
    }

    private static Daemon Start(string folder, params string[] more)
    {
        Launch launch = new([Path.Combine(folder, "run.sh"), .. more]) { HasOwnSession = true };
        launch.Variables.Add($"DAEMONPROXY={Binary.Path}");
        return Daemon.Start(launch);
    }

    // Both services talk at the same time, so either may be first.
    private static void AwaitWork(Daemon daemon)
    {
        string[] awaited = ["store is at work", "web is at work"];
        daemon.Output.Await(awaited.Contains, "a service is at work");
        daemon.Output.Await(awaited.Contains, "the other one is, too");
        daemon.IsChild();
    }

    private static void AwaitSaid(Daemon daemon, string text) => daemon.Log.Await(line => line == "-- " + text, text);
}
