using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.FirstProcess;

/// <summary>The services of process 1 are apart from it and from each other, unless they are told to share.</summary>
public class ServiceSessionTests
{
    [PidNamespaceFact]
    public void AServiceThatSignalsItsWholeGroupReachesNeitherTheDaemonNorOtherServices()
    {
        using Scratch scratch = new();
        using Daemon daemon = Namespace.Start();
        string script = scratch.Script("last", "trap 'kill 0' EXIT\nexit 0");
        daemon.Send("service.args⇥other⇥/bin/sleep⇥1000", "service.start⇥other");
        daemon.AwaitUp("other");
        daemon.Send($"service.args⇥a⇥{script}", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGTERM⇥*⇥*");
        string[] dump = daemon.Dump();
        Assert.DoesNotContain(dump, line => line.StartsWith("signal⇥", System.StringComparison.Ordinal));
        Assert.Contains(dump, line => line.StartsWith("service.state⇥other⇥up⇥", System.StringComparison.Ordinal));
    }

    [PidNamespaceFact]
    public void EachServiceLeadsASessionUnlessItSaysShared()
    {
        using Daemon daemon = Namespace.Start();
        int own = Proc.SessionOf(daemon.Pid);
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        daemon.AwaitUp("a");
        int first = Assert.Single(Proc.Children(daemon.Pid));
        Patience.Until(() => Proc.SessionOf(first) == first, "it leads a session");
        daemon.Send("service.process⇥b⇥shared", "service.args⇥b⇥/bin/sleep⇥1001", "service.start⇥b");
        daemon.AwaitUp("b");
        int second = Assert.Single(Proc.Children(daemon.Pid), child => child != first);
        Patience.Until(() => Proc.Status(second, "Name") == "sleep", "it is executed");
        Assert.Equal(own, Proc.SessionOf(second));
    }

    // The default only isolates: what such a service leaves behind is left alone.
    [PidNamespaceFact]
    public void ASessionByDefaultIsNoTree()
    {
        using Daemon daemon = Namespace.Start();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        daemon.AwaitUp("a");
        daemon.Send("service.signal⇥a⇥SIGTERM⇥tree");
        daemon.Await("error⇥service has no tree of its own, for command \"service.signal⇥a⇥SIGTERM⇥tree\"");
    }
}
