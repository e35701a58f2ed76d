using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using Xunit;

namespace Daemonproxy.Client.Tests.Units;

/// <summary>The effect of events on the state.</summary>
public class Reducing
{
    [Fact]
    public void ANewServiceHasWhatTheDaemonGivesIt()
    {
        ServiceInfo service = After("service.tags⇥web⇥a⇥b").Services["web"];
        Assert.Equal(
            new ServiceInfo("web") { Tags = ["a", "b"], Fds = ["null", "null", "null"] }, service);
        Assert.Equal(ServicePhase.Never, service.Phase);
    }

    [Fact]
    public void AServiceKeepsItsSettingsThroughItsLife()
    {
        StateSnapshot state = After(
            "service.args⇥web⇥/bin/x", "service.auto_up⇥web⇥2⇥always", "service.state⇥web⇥start⇥7⇥-⇥-⇥-⇥-⇥-",
            "service.state⇥web⇥up⇥7⇥99⇥-⇥-⇥0⇥-");
        ServiceInfo service = new("web") { Args = ["/bin/x"], AutoUpInterval = 2, AutoUpTriggers = ["always"] };
        Assert.Equal(
            service with { Phase = ServicePhase.Up, Since = new(7), Pid = 99 }, state.Services["web"]);
        state = After(state, "service.state⇥web⇥down⇥9⇥99⇥signal⇥SIGKILL⇥2⇥0", "service.auto_up⇥web⇥-");
        Assert.Equal(
            new ServiceInfo("web")
            {
                Args = ["/bin/x"],
                Phase = ServicePhase.Killed,
                Since = new(9),
                Pid = 99,
                KilledBy = Signal.Kill,
                Ran = 2,
            },
            state.Services["web"]);
        Assert.Empty(After(state, "service.state⇥web⇥deleted⇥-⇥-⇥-⇥-⇥-⇥-").Services);
    }

    [Fact]
    public void DeletedServicesAreNotKeptThoughNobodyLooks()
    {
        StateReducer state = new(StateSnapshot.Empty);
        WeakReference[] tags = [.. Enumerable.Range(0, 5000).Select(job => MakeAndDelete(state, job))];
        GC.Collect();
        Assert.InRange(tags.Count(tag => tag.IsAlive), 0, 200);
        Assert.Empty(state.Snapshot.Services);
    }

    [Fact]
    public void TheReasonOfAFailureStaysUntilTheNextStart()
    {
        StateSnapshot state = After(
            "service.state⇥web⇥up⇥7⇥99⇥-⇥-⇥0⇥-", "service.failed⇥web⇥7⇥execute⇥ENOENT⇥/bin/x",
            "service.state⇥web⇥down⇥7⇥99⇥exit⇥3⇥0⇥0");
        Assert.Equal(
            new ServiceFailedEvent("web", new(7), StartStep.Execute, "ENOENT", "/bin/x"),
            state.Services["web"].Failure);
        Assert.Null(After(state, "service.state⇥web⇥up⇥8⇥100⇥-⇥-⇥0⇥-").Services["web"].Failure);
    }

    [Fact]
    public void AnEndWhoseOtherEndIsGoneHasNoPeer()
    {
        StateSnapshot state = After("fd.state⇥r⇥pipe⇥from⇥w", "fd.state⇥w⇥pipe⇥to⇥r");
        StateSnapshot deleted = After(state, "fd.state⇥r⇥deleted");
        Assert.Equal([new FdStateWriterEvent("w", 0, null)], deleted.Fds.Values);
        StateSnapshot replaced = After(state, "fd.state⇥w⇥file⇥read⇥/x");
        Assert.Equal(new FdStateReaderEvent("r", 0, null), replaced.Fds["r"]);
    }

    [Fact]
    public void AnEndThatIsUsedAgainLeavesItsOldPeerAlone()
    {
        StateSnapshot state = After(
            "fd.state⇥a⇥pipe⇥from⇥b", "fd.state⇥b⇥pipe⇥to⇥a", "fd.state⇥a⇥pipe⇥from⇥c", "fd.state⇥c⇥pipe⇥to⇥a");
        Assert.Equal(new FdStateReaderEvent("a", 0, (FdName)"c"), state.Fds["a"]);
        Assert.Equal(new FdStateWriterEvent("b", 0, null), state.Fds["b"]);
        Assert.Equal(new FdStateWriterEvent("c", 0, (FdName)"a"), state.Fds["c"]);
        StateSnapshot swapped = After(state, "fd.state⇥c⇥pipe⇥from⇥a", "fd.state⇥a⇥pipe⇥to⇥c");
        Assert.Equal(new FdStateReaderEvent("c", 0, (FdName)"a"), swapped.Fds["c"]);
        Assert.Equal(new FdStateWriterEvent("a", 0, (FdName)"c"), swapped.Fds["a"]);
    }

    [Fact]
    public void SignalsArePendingWhileTheyHaveACount()
    {
        StateSnapshot state = After("signal⇥SIGHUP⇥5⇥1", "signal⇥SIGHUP⇥6⇥2", "signal⇥SIGINT⇥6⇥0");
        Assert.Equal([new SignalEvent(Signal.Hup, new(6), 2)], state.Signals.Values);
    }

    [Fact]
    public void AControlSocketStaysUntilItIsDeleted()
    {
        StateSnapshot state = After("socket.state⇥-⇥-⇥/run/s", "socket.state⇥web⇥name=web,allow=watch⇥/run/web");
        Assert.Equal(new SocketStatePlainEvent(null, "/run/s"), state.Sockets[default]);
        Assert.Equal("/run/web", Assert.IsType<SocketStateOpenEvent>(state.Sockets["web"]).Path);
        Assert.Equal([default, "web"], state.Sockets.Keys);
        Assert.Equal([default], After(state, "socket.state⇥web⇥deleted").Sockets.Keys);
        Assert.Equal(["web"], After(state, "socket.state⇥-⇥deleted").Sockets.Keys);
    }

    // The reducer changes a service in place while nobody has it.
    [Fact]
    public void AModelInUseIsNeverChanged()
    {
        var random = new Random(4);
        var reducer = new StateReducer(StateSnapshot.Empty);
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        List<(StateSnapshot Snapshot, Dictionary<string, string> Tags)> snapshots = [];
        List<(ServiceInfo Service, string Tag)> found = [];
        for (int round = 0; round < 20_000; round++)
        {
            string name = $"s{random.Next(12)}";
            switch (random.Next(12))
            {
                case 0:
                    snapshots.Add((reducer.Snapshot, new(expected)));
                    break;
                case 1 when reducer.Find(name) is { } service:
                    found.Add((service, expected[name]));
                    break;
                case 2:
                    expected.Remove(name);
                    reducer.Apply(new ServiceStateDeletedEvent(name), out _);
                    Assert.Null(reducer.Find(name));
                    break;
                default:
                    expected[name] = $"{round}";
                    reducer.Apply(new ServiceTagsEvent(name, [$"{round}"]), out ServiceName? changed);
                    Assert.Equal(name, changed?.Text);
                    break;
            }
        }

        Assert.All(found, one => Assert.Equal([one.Tag], one.Service.Tags));
        Assert.All(snapshots, one => Assert.Equal(
            one.Tags.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            one.Snapshot.Services.Select(pair => KeyValuePair.Create(pair.Key.Text!, pair.Value.Tags[0]))));
        Assert.True(snapshots.Count > 1000 && found.Count > 1000);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference MakeAndDelete(StateReducer state, int job)
    {
        string tag = $"tag {job}";
        state.Apply(new ServiceTagsEvent($"job-{job}", [tag]), out _);
        state.Apply(new ServiceStateDeletedEvent($"job-{job}"), out _);
        return new WeakReference(tag);
    }

    private static StateSnapshot After(params string[] lines) => After(StateSnapshot.Empty, lines);

    private static StateSnapshot After(StateSnapshot state, params string[] lines)
    {
        var reducer = new StateReducer(state);
        foreach (string line in lines)
        {
            reducer.Apply(EventParser.Read(Encoding.UTF8.GetBytes(line.Replace('⇥', '\t'))), out _);
        }

        return reducer.Snapshot;
    }
}
