using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Children;

/// <summary>Real processes report that they are ready.</summary>
public class ReadinessTests
{
    [Fact]
    public void ANewlineOnItsDescriptorMakesAServiceReady()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            "service.ready⇥a⇥fd=5",
            $"service.args⇥a⇥/bin/sh⇥-c⇥until [ -e {scratch["go"]} ]; do sleep 0.01; done; echo >&5; exec sleep 1000",
            "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Assert.DoesNotContain(daemon.Dump(), line => Text.Matches(line, "service.is_ready⇥a⇥*"));
        File.WriteAllText(scratch["go"], "");

        daemon.Await("service.is_ready⇥a⇥*");
        Proc.AwaitRest(service, "sleep");
        Assert.Contains(daemon.Dump(), line => Text.Matches(line, "service.is_ready⇥a⇥*"));
    }

    [Fact]
    public void AnExitWithZeroMakesAServiceReady()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.ready⇥a⇥exit", "service.args⇥a⇥/bin/true", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");

        daemon.Await("service.is_ready⇥a⇥*");
    }

    [Fact]
    public void ReadinessArrivesOverACrashAndAnUpgrade()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        daemon.Send(
            "service.ready⇥a⇥fd=3",
            $"service.args⇥a⇥/bin/sh⇥-c⇥until [ -e {scratch["go"]} ]; do sleep 0.01; done; echo >&3; exec sleep 1000",
            "service.start⇥a");
        daemon.AwaitUp("a");
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        daemon.Send("reexec⇥-");
        daemon.Sync();
        File.WriteAllText(scratch["go"], "");

        daemon.Await("service.is_ready⇥a⇥*");
    }

    [Fact]
    public void ThePipesOfReadyServicesAreClosed()
    {
        const int Runs = 20;
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/true", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        int before = daemon.OpenDescriptors(daemon.Pid);
        string[] names = [.. Enumerable.Range(0, Runs).Select(number => $"s{number}")];
        foreach (string name in names)
        {
            daemon.Send(
                $"service.ready⇥{name}⇥fd=3", $"service.args⇥{name}⇥/bin/sh⇥-c⇥echo >&3", $"service.start⇥{name}");
            daemon.Await($"service.is_ready⇥{name}⇥*");
            daemon.Await($"service.state⇥{name}⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        }

        Assert.Equal(before, daemon.OpenDescriptors(daemon.Pid));
    }
}
