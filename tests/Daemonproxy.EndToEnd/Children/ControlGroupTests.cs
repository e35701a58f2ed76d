using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Children;

/// <summary>
/// Runs in control groups of their own. What needs a controller is tried in a machine:
/// <see cref="Machines.ControlGroupMachineTests"/>.
/// </summary>
public class ControlGroupTests
{
    // Leaves a child in a session of its own, whose number goes into a file, and rests.
    private const string Leaver =
        "service.args⇥a⇥/bin/sh⇥-c⇥setsid sh -c 'trap \"\" TERM; echo $$ >\"$0\"; exec sleep 1000' $0 & "
        + "exec sleep 1000⇥";

    [ControlGroupFact]
    public void EachRunHasAGroupOfItsOwnThatIsRemovedAfterIt()
    {
        using ControlGroup group = new();
        using Daemon daemon = group.Start();
        daemon.Send(
            "service.args⇥a⇥/bin/sleep⇥1000", "service.cgroup⇥a⇥jobs/small⇥cgroup.max.descendants=3",
            "service.start⇥a");
        string first = group.Of(daemon.AwaitUp("a"));

        Assert.Equal("daemonproxy", group.Of(daemon.Pid));
        Assert.Matches("^jobs/small/a[.][0-9]+$", first);
        Assert.Equal("3\n", File.ReadAllText($"{group.Path}/{first}/cgroup.max.descendants"));
        daemon.Send("service.stop⇥a");
        daemon.Await("service.empty⇥a⇥*");
        Assert.Equal(["daemonproxy", "jobs", "jobs/small"], group.Below());
        daemon.Send("service.cgroup⇥a⇥jobs/small", "service.start⇥a");
        string second = group.Of(daemon.AwaitUp("a"));
        Assert.NotEqual(first, second);
        Assert.Equal("max\n", File.ReadAllText($"{group.Path}/{second}/cgroup.max.descendants"));
    }

    [ControlGroupFact]
    public void AProcessThatHasLeftTheSessionIsStillOfTheTree()
    {
        using ControlGroup group = new();
        using Scratch scratch = new();
        using Daemon daemon = group.Start();
        daemon.Send(Leaver + scratch["child"], "service.cgroup⇥a⇥jobs", "service.auto_up⇥a⇥1⇥always");
        int first = daemon.AwaitUp("a");
        int child = NumberIn(scratch["child"]);
        daemon.Send("service.signal⇥a⇥USR1⇥tree");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGUSR1⇥*⇥*");
        daemon.Await("service.empty⇥a⇥*");
        Assert.False(Proc.IsAlive(child));
        Assert.NotEqual(first, daemon.AwaitUp("a"));
        child = NumberIn(scratch["child"]);
        daemon.Send("service.stop⇥a⇥1");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGTERM⇥*⇥*");
        Assert.True(Proc.IsAlive(child));
        daemon.Await("service.empty⇥a⇥*");
        Assert.False(Proc.IsAlive(child));
    }

    [ControlGroupFact]
    public void LeftoverProcessesAreEndedBeforeTheNextStart()
    {
        using ControlGroup group = new();
        using Scratch scratch = new();
        using Daemon daemon = group.Start();
        daemon.Send(
            Leaver + scratch["child"], "service.cgroup⇥a⇥jobs", "service.process⇥a⇥leave=1",
            "service.auto_up⇥a⇥1⇥always");
        int first = daemon.AwaitUp("a");
        int child = NumberIn(scratch["child"]);
        daemon.Send($"service.signal⇥a⇥KILL⇥pid={first}");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGKILL⇥*⇥*");
        Assert.True(Proc.IsAlive(child));
        daemon.Await("service.empty⇥a⇥*");
        Assert.False(Proc.IsAlive(child));
        daemon.AwaitUp("a");
    }

    // A look at the group of each second would find it empty as well: what is left has to be watched.
    [ControlGroupFact]
    public void LeftoverProcessesAreWatched()
    {
        using ControlGroup group = new();
        using Scratch scratch = new();
        using Daemon daemon = group.Start();
        daemon.Send(
            Leaver + scratch["child"], "service.cgroup⇥a⇥jobs", "service.process⇥a⇥leave=1000", "service.start⇥a");
        int first = daemon.AwaitUp("a");
        int child = NumberIn(scratch["child"]);
        Assert.Equal(0, Watches(daemon));
        daemon.Send("service.signal⇥a⇥KILL");
        Patience.Until(() => Watches(daemon) == 1, "the group is watched");
        using (Process left = Process.GetProcessById(child))
        {
            left.Kill();
        }

        daemon.Await("service.empty⇥a⇥*");
        Assert.Equal(0, Watches(daemon));
        Assert.NotEqual(first, child);
    }

    [ControlGroupFact]
    public void AGroupGoesOnOverACrashAndAnUpgrade()
    {
        using ControlGroup group = new();
        using Scratch scratch = new();
        using Daemon daemon = group.Start(options: "--debug-crash");
        daemon.Send(Leaver + scratch["child"], "service.cgroup⇥a⇥jobs", "service.start⇥a");
        daemon.AwaitUp("a");
        int child = NumberIn(scratch["child"]);
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        daemon.Send("reexec⇥-", "service.stop⇥a⇥0");
        daemon.Await("service.empty⇥a⇥*");

        Assert.False(Proc.IsAlive(child));
        Assert.Equal(["daemonproxy", "jobs"], group.Below());
        daemon.Send("service.start⇥a");
        Assert.Matches("^jobs/a[.][0-9]+$", group.Of(daemon.AwaitUp("a")));
        Assert.Equal("daemonproxy", group.Of(daemon.Pid));
    }

    [ControlGroupFact]
    public void GroupsThatAServiceMakesAreRemovedAndEndedToo()
    {
        using ControlGroup group = new();
        using Scratch scratch = new();
        using Daemon daemon = group.Start();
        daemon.Send(
            $"service.args⇥a⇥/bin/sh⇥-c⇥g={group.Path}/$(sed s,0::/{group.Name}/,, /proc/self/cgroup | tail -n 1); "
                + "mkdir -p $g/below/deep; echo $$ >$g/below/deep/cgroup.procs; exec sleep 1000",
            "service.cgroup⇥a⇥jobs", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        Assert.EndsWith("/below/deep", group.Of(service), StringComparison.Ordinal);
        daemon.Send("service.signal⇥a⇥TERM⇥tree");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGTERM⇥*⇥*");
        daemon.Await("service.empty⇥a⇥*");

        Assert.Equal(["daemonproxy", "jobs"], group.Below());
    }

    [ControlGroupFact]
    public void WhereTheKernelCannotMakeAProcessInAGroupItMovesItself()
    {
        using ControlGroup group = new();
        using Daemon daemon = group.Start(under: SystemCallFilter.WithoutClone3);
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.cgroup⇥a⇥jobs", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");

        Assert.Matches("^jobs/a[.][0-9]+$", group.Of(service));
    }

    [ControlGroupFact]
    public void AnAbsolutePathIsThatOfTheFileSystem()
    {
        using ControlGroup group = new();
        using ControlGroup other = new();
        using Daemon daemon = group.Start();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", $"service.cgroup⇥a⇥/{other.Name}/jobs", "service.start⇥a");
        Assert.Matches("^jobs/a[.][0-9]+$", other.Of(daemon.AwaitUp("a")));

        // The daemon is in nobody's way there, and stays where it is.
        Assert.Empty(group.Below());
        daemon.Send("service.stop⇥a⇥0");
        daemon.Await("service.empty⇥a⇥*");
        daemon.Send($"service.cgroup⇥a⇥/{group.Name}/jobs", "service.start⇥a");
        Assert.Matches("^jobs/a[.][0-9]+$", group.Of(daemon.AwaitUp("a")));
        Assert.Equal("daemonproxy", group.Of(daemon.Pid));
    }

    [ControlGroupFact]
    public void EmptyGroupsOfADaemonThatWasKilledAreRemoved()
    {
        using ControlGroup group = new();
        Directory.CreateDirectory($"{group.Path}/jobs/a.17");
        Directory.CreateDirectory($"{group.Path}/jobs/a.x");
        using Daemon daemon = group.Start();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.cgroup⇥a⇥jobs", "service.start⇥a");
        string own = group.Of(daemon.AwaitUp("a"));

        Assert.Equal(["daemonproxy", "jobs", own, "jobs/a.x"], group.Below());
    }

    [ControlGroupFact]
    public void AUserToWhomTheGroupIsDelegatedCanHaveGroups()
    {
        using ControlGroup group = new();
        string[] nobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
        string delegation =
            $"cd {group.Path} && chown 65534 . cgroup.procs cgroup.subtree_control cgroup.threads; cd /";
        using (Daemon without = group.Start("", nobody))
        {
            without.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.cgroup⇥a⇥jobs", "service.start⇥a");
            without.Await($"service.failed⇥a⇥*⇥cgroup⇥EACCES⇥{Cut(group.Path + "/daemonproxy")}");
            without.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥3⇥*⇥*");
        }

        using Daemon daemon = group.Start(delegation, nobody);
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.cgroup⇥a⇥jobs", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Assert.Matches("^jobs/a[.][0-9]+$", group.Of(service));
        daemon.Send("service.signal⇥a⇥KILL⇥tree");
        daemon.Await("service.empty⇥a⇥*");
    }

    [ControlGroupFact]
    public void AnImpossibleGroupIsReported()
    {
        using ControlGroup group = new();
        using Daemon daemon = group.Start();
        (string Setting, string Failure)[] steps =
        [
            ("jobs⇥cgroup.max.depth=1⇥cgroup.max.depth=x", "EINVAL⇥cgroup.max.depth=x"),
            ("jobs⇥cgroup.nothing=1", "ENOENT⇥cgroup.nothing=1"),
            ("jobs⇥nothing.max=1", "EINVAL⇥+nothing"),
            ($"daemonproxy/cgroup.procs", $"ENOTDIR⇥{Cut(group.Path + "/daemonproxy/cgroup.procs")}"),
        ];
        daemon.Send("service.args⇥a⇥/bin/true");
        foreach ((string setting, string failure) in steps)
        {
            daemon.Send($"service.cgroup⇥a⇥{setting}", "service.start⇥a");
            daemon.Await($"service.failed⇥a⇥*⇥cgroup⇥{failure}");
            daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥3⇥*⇥*");
        }

        Assert.DoesNotContain(group.Below(), below => below.Contains("a.", StringComparison.Ordinal));
    }

    [ControlGroupFact]
    public void WithoutControlGroupsTheStepFails()
    {
        using Daemon daemon = Daemon.Interactive(
            new Launch(Binary.Path, "-i").After("umount -a -t cgroup2").Under("/usr/bin/unshare", "--mount"));
        daemon.Send("service.args⇥a⇥/bin/true", "service.cgroup⇥a⇥jobs", "service.start⇥a");

        daemon.Await("service.failed⇥a⇥*⇥cgroup⇥ENODEV⇥cgroup2");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥3⇥*⇥*");
    }

    // As the text of a failure is.
    private static string Cut(string text) => text[..Math.Min(text.Length, 63)];

    // The files that the daemon watches, proc_pid_fdinfo(5).
    private static int Watches(Daemon daemon) =>
        Proc.Descriptors(daemon.Pid).Keys
            .SelectMany(fd => File.ReadLines($"/proc/{daemon.Pid}/fdinfo/{fd}"))
            .Count(line => line.StartsWith("inotify ", StringComparison.Ordinal));

    private static int NumberIn(string file)
    {
        Patience.Until(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), $"a number is in {file}");
        int number = int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        File.Delete(file);
        return number;
    }
}
