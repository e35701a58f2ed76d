using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Machines;

/// <summary>The duties of process 1, on a machine with a kernel of its own; the console is a controller.</summary>
public sealed class FirstProcessOfAMachineTests
{
    private const string Config =
        "service.args\tfirst\t/bin/busybox\tsh\t-c\t/bin/busybox mkdir -p /dev; "
        + "/bin/busybox mount -t devtmpfs dev /dev; "
        + "/bin/busybox sh /etc/mounts.sh && exec stty -F /dev/console -echo\n"
        + "service.fds\tfirst\tnull\tstderr\tstderr\n"
        + "service.start\tfirst\n";

    // The kernel's own map has no key for its request. A map as busybox reads it: which of 256 tables follow, here the
    // one for alt, number 8; then its 128 keys. Key 103 is arrow up.
    private const string AltUpIsARequest =
        "(printf bkeymap; head -c 8 /dev/zero; printf '\\001'; head -c 247 /dev/zero; "
        + "head -c 206 /dev/zero; printf '\\022\\002'; head -c 48 /dev/zero)";

    [MachineTheory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    public void TheDaemonReapsOrphansSurvivesACrashAndMakesWay(string architecture)
    {
        using Machine machine = BootTo(architecture);
        Orphans(machine);
        machine.Send("terminate⇥0", "terminate⇥0⇥1");
        machine.Await("error⇥terminate guard code required, for command \"terminate⇥**");
        machine.Await("error⇥cannot exit, and exec-on-exit is not configured, for command \"terminate⇥**");
        Run(machine, "crash", "kill -SEGV 1");
        machine.Await("overflow");
        machine.Sync();
        Assert.Equal(1, machine.Counters()["crashes"]);
        machine.Send(
            "terminate.exec_args⇥/bin/busybox⇥sh⇥-c⇥/bin/busybox sh /etc/last.sh $0; /bin/busybox $0 -f⇥poweroff",
            "terminate⇥0⇥1");
        machine.AwaitOff();
    }

    [MachineTheory]
    [InlineData("amd64")]
    public void CtrlAltDelAndTheKeyboardsRequestAreSignals(string architecture)
    {
        using Machine machine = BootTo(architecture);
        machine.Press("ctrl-alt-delete");
        machine.Await("signal⇥SIGINT⇥*⇥1");
        Run(machine, "keys", $"{AltUpIsARequest} | loadkmap");
        machine.Await("service.state⇥keys⇥down⇥*⇥*⇥exit⇥0⇥**");
        machine.Press("alt-up");
        machine.Await("signal⇥SIGWINCH⇥*⇥1");
        machine.Sync();
    }

    [MachineTheory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    public void TheDaemonLivesAndReportsWhenThereIsNoMemoryLeft(string architecture)
    {
        using Machine machine = BootTo(architecture);
        machine.Send("service.args⇥hog⇥/bin/tail⇥/dev/zero", "service.start⇥hog");
        machine.AwaitText("Out of memory: Killed process");
        machine.Await("service.state⇥hog⇥down⇥*⇥*⇥signal⇥SIGKILL⇥**");
        Run(machine, "after", "true");
        machine.Await("service.state⇥after⇥down⇥*⇥*⇥exit⇥0⇥**");
    }

    private static Machine BootTo(string architecture)
    {
        Machine machine = Machine.Boot(architecture, Config);
        machine.Await("service.state⇥first⇥down⇥*⇥*⇥exit⇥0⇥**");
        return machine;
    }

    private static void Run(Machine machine, string name, string script) =>
        machine.Send(
            $"service.args⇥{name}⇥/bin/sh⇥-c⇥{script}",
            $"service.fds⇥{name}⇥null⇥stderr⇥stderr",
            $"service.start⇥{name}");

    private static void Orphans(Machine machine)
    {
        const int Count = 20;
        long before = machine.Counters()["reaps.strangers"];
        Run(machine, "orphans", $"for n in $(seq {Count}); do (sleep 1 & exit 0); done");
        machine.Await("service.state⇥orphans⇥down⇥*⇥*⇥exit⇥0⇥**");
        Patience.Until(() => machine.Counters()["reaps.strangers"] == before + Count, "all orphans are reaped");
    }
}
