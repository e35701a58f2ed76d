using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Control.Kernel;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Tests.Views;
using Daemonproxy.Control.Top;
using Daemonproxy.Control.Views;
using Xunit;

namespace Daemonproxy.Control.Tests.Top;

/// <summary>The usage of the trees of services.</summary>
public sealed class TreeFiguresTests
{
    private const int Page = 4096;

    [Fact]
    public void AProcessIsReadWhateverItsNameIs()
    {
        ProcessFacts? process = ProcessFacts.Read(7, Stat("a) R 1 (", 7, parent: 5, session: 6, ticks: 30));
        Assert.Equal(new ProcessFacts(7, 5, 6, 30, 900, 3 * Page), process);
        Assert.Null(ProcessFacts.Read(7, Stat("gone", 7, 5, 6, 30).Replace(") S", ") Z", StringComparison.Ordinal)));
        ProcessFacts own = ProcessFacts.Read(
            Environment.ProcessId, System.IO.File.ReadAllText("/proc/self/stat"))!.Value;
        Assert.InRange(own.Memory, 1 << 20, Environment.WorkingSet * 2);
    }

    [Fact]
    public void ATreeHasTheSessionAndTheChildrenOfChildren()
    {
        var table = new ProcessTable(
        [
            Process(1, 0, 1), Process(10, 1, 10), Process(11, 10, 10),
            Process(12, 11, 12), // in a session of its own
            Process(13, 1, 10), // its parent has ended
            Process(20, 10, 20), // a service that another one has started
            Process(21, 20, 20), Process(30, 31, 30), Process(31, 30, 30), // numbers used again: a circle
        ]);
        Dictionary<int, List<ProcessFacts>> trees = table.TreesOf(new HashSet<int> { 10, 20 });
        Assert.Equal([10, 11, 12, 13], trees[10].Select(static process => process.Pid).Order());
        Assert.Equal([20, 21], trees[20].Select(static process => process.Pid).Order());
        Assert.Equal(2, trees.Count);
    }

    [Fact]
    public void ProcessorsAreThoseSinceTheLastLook()
    {
        ProcessFacts[] processes = [Process(10, 1, 10, ticks: 100), Process(11, 10, 10, ticks: 50)];
        var figures = new TreeFigures(() => new ProcessTable(processes), static _ => null);
        ServiceView[] services = [Up("web", 10)];
        Assert.Equal(new TreeUse(null, 6 * Page, 2), figures.Look(services, TimeSpan.FromSeconds(1))["web"]);
        processes = [Process(10, 1, 10, ticks: 200), Process(11, 10, 10, ticks: 40, start: 901)];
        Assert.Equal(0.7, figures.Look(services, TimeSpan.FromSeconds(3))["web"].Processors!.Value, 3);
        Assert.Equal(0, figures.Look(services, TimeSpan.FromSeconds(5))["web"].Processors);
        Assert.Empty(figures.Look([], TimeSpan.FromSeconds(7)));
    }

    [Fact]
    public void AControlGroupCountsWhatHasEnded()
    {
        long time = 1_000_000;
        var figures = new TreeFigures(
            static () => new ProcessTable([Process(10, 1, 10)]), _ => new CgroupFigures(4, 1 << 20, time));
        ServiceView[] services = [Up("web", 10, "web"), Up("db", 20)];
        Assert.Equal(4, figures.Look(services, TimeSpan.FromSeconds(1))["web"].Processes);
        time += 500_000;
        Dictionary<string, TreeUse> uses = figures.Look(services, TimeSpan.FromSeconds(2));
        Assert.Equal(new TreeUse(0.5, 1 << 20, 4), uses["web"]);
        Assert.Equal(new TreeUse(0, 0, 0), uses["db"]);
    }

    private static ServiceView Up(string name, int pid, string? group = null) => SampleServices.View(
        new ServiceInfo(name) with { Phase = ServicePhase.Up, Pid = pid, Cgroup = group is null ? [] : [group] });

    private static ProcessFacts Process(int pid, int parent, int session, long ticks = 0, long start = 900) =>
        new(pid, parent, session, ticks, start, 3 * Page);

    private static string Stat(string name, int pid, int parent, int session, int ticks) =>
        $"{pid} ({name}) S {parent} 8 {session} 0 -1 4194560 1 2 3 4 {ticks - 10} 10 0 0 20 0 1 0 900 1000000 "
        + $"{3 * Page / Environment.SystemPageSize} 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0";
}
