using System;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Machines;

/// <summary>Control groups of version 2 with their controllers, on a machine with a kernel of its own.</summary>
public sealed class ControlGroupMachineTests
{
    private const string Config =
        "service.args\tfirst\t/bin/busybox\tsh\t-c\t/bin/busybox mkdir -p /dev; "
        + "/bin/busybox mount -t devtmpfs dev /dev; /bin/busybox sh /etc/mounts.sh; "
        + "mkdir -p /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup && exec stty -F /dev/console -echo\n"
        + "service.fds\tfirst\tnull\tstderr\tstderr\n"
        + "service.start\tfirst\n";

    [MachineTheory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    public void LimitsAreThoseOfTheRunAndTheDaemonLivesWhenTheyAreMet(string architecture)
    {
        using Machine machine = Machine.Boot(architecture, Config);
        machine.Await("service.state⇥first⇥down⇥*⇥*⇥exit⇥0⇥**");
        Set(machine, "a", "cat /sys/fs/cgroup/jobs/*/memory.max", "jobs⇥memory.max=20M⇥pids.max=10");
        machine.AwaitText("20971520");
        machine.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥**");
        machine.Await("service.empty⇥a⇥*");

        // Too little to execute anything, and a program that wants more and more.
        Set(machine, "b", "true", "jobs⇥memory.max=1⇥memory.swap.max=0");
        machine.Await("service.state⇥b⇥down⇥*⇥*⇥signal⇥SIGKILL⇥**");
        machine.Send(
            "service.args⇥e⇥/bin/tail⇥/dev/zero", "service.cgroup⇥e⇥jobs⇥memory.max=300K⇥memory.swap.max=0",
            "service.start⇥e");
        machine.Await("service.state⇥e⇥down⇥*⇥*⇥signal⇥SIGKILL⇥**");
        Set(machine, "c", "tail /dev/zero", "jobs⇥memory.max=20M");
        machine.Await("service.state⇥c⇥down⇥*⇥*⇥signal⇥SIGKILL⇥**");
        Set(machine, "d", "exit 7", "jobs⇥pids.max=0");
        machine.Await("service.failed⇥d⇥*⇥process⇥EAGAIN⇥");
        machine.Send("service.start⇥d⇥-", "service.cgroup⇥d⇥jobs⇥pids.max=1", "service.start⇥d");
        machine.Await("service.state⇥d⇥down⇥*⇥*⇥exit⇥7⇥**");
        machine.Sync();
        Assert.Equal(0, machine.Counters()["crashes"]);
    }

    [MachineTheory]
    [InlineData("amd64")]
    public void AUserNeedsADelegatedGroupAndOthersMakeWayInIt(string architecture)
    {
        using Machine machine = Machine.Boot(architecture, Config);
        machine.Await("service.state⇥first⇥down⇥*⇥*⇥exit⇥0⇥**");

        // A daemon of a user in a group of its own, which has a service without one already. By the name of init it
        // would be a command to process 1.
        const string Inner =
            "echo nobody:x:65534:65534::/:/bin/sh >/etc/passwd; ln -sf /init /daemonproxy; "
            + "mkdir /sys/fs/cgroup/NAME; "
            + "echo +memory >/sys/fs/cgroup/cgroup.subtree_control; cd /sys/fs/cgroup/NAME; GIVE; "
            + "(printf 'service.args\\tplain\\t/bin/sleep\\t1000\\nservice.start\\tplain\\n'; sleep 2; "
            + "printf 'service.args\\tw\\t/bin/sh\\t-c\\tcat /sys/fs/cgroup/NAME/jobs/*/memory.max >&2\\n'; "
            + "printf 'service.fds\\tw\\tnull\\tstderr\\tstderr\\n'; "
            + "printf 'service.cgroup\\tw\\tjobs\\tmemory.max=8M\\nservice.start\\tw\\n'; sleep 3; "
            + "for p in $(cat daemonproxy/cgroup.procs); do echo inner $(cat /proc/$p/comm); done >&2; "
            + "printf 'terminate\\t0\\n') | "
            + "sh -c \"echo \\$\\$ >cgroup.procs; exec su nobody -s /bin/sh -c 'exec /daemonproxy -i >&2'\"";
        Run(machine, "denied", Named(Inner, "denied", "true"));
        machine.Await("service.failed⇥w⇥*⇥cgroup⇥EACCES⇥/sys/fs/cgroup/denied/daemonproxy");
        machine.Await("service.state⇥denied⇥down⇥*⇥*⇥exit⇥0⇥**");
        Run(machine, "given", Named(Inner, "given", "chown nobody . cgroup.procs cgroup.subtree_control"));
        machine.AwaitText("8388608");
        machine.AwaitText("inner sleep");
        machine.Await("service.state⇥given⇥down⇥*⇥*⇥exit⇥0⇥**");
    }

    private static string Named(string script, string name, string give) =>
        script.Replace("NAME", name, StringComparison.Ordinal).Replace("GIVE", give, StringComparison.Ordinal);

    private static void Set(Machine machine, string name, string script, string group)
    {
        machine.Send($"service.cgroup⇥{name}⇥{group}");
        Run(machine, name, script);
    }

    private static void Run(Machine machine, string name, string script) =>
        machine.Send(
            $"service.args⇥{name}⇥/bin/sh⇥-c⇥{script}",
            $"service.fds⇥{name}⇥null⇥stderr⇥stderr",
            $"service.start⇥{name}");
}
