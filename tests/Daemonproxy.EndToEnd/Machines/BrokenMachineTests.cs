using System;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Machines;

/// <summary>
/// The machine of examples/init with one part broken: there is a way in, and it ends with clean file systems. What its
/// console says is in golden/.
/// </summary>
public sealed class BrokenMachineTests
{
    private const string Broken = "if then do (\n";

    // Of examples/init/root/etc/modules.
    private const string DiskModules = "virtio_ring\nvirtio\nvirtio_pci_modern_dev\nvirtio_pci_legacy_dev\nvirtio_pci\n"
        + "virtio_blk\ncrc32c_generic\ncrc16\nmbcache\njbd2\next4\n";

    // What busybox's shell says before its prompt. What is typed before that, it drops.
    private const string Prompt = "Enter 'help'";

    [MachineTheory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    public async Task AsItIsItHasANetworkAnSshServerAndAWatchdogAndEndsClean(string architecture)
    {
        using Machine machine = Machine.BootWith(architecture, string.Empty);
        machine.AwaitText("and process 1 is init");
        machine.Send("until ifconfig eth0 | grep -q 'inet addr'; do sleep 1; done; echo net''work");
        machine.AwaitText("network");
        machine.Send("until netstat -ltn | grep -q ':22 '; do sleep 1; done; echo ss''h");
        machine.AwaitText("ssh");
        machine.Send("until pidof ntpd >/dev/null && pidof mdev >/dev/null; do sleep 1; done; echo a''ll");
        machine.AwaitText("all");
        machine.Send("until ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q /dev/watchdog; do sleep 1; done; echo pe''t");
        machine.AwaitText("pet");

        // Programs that write to the disk, one of which ignores SIGTERM.
        machine.Send("sh -c 'tail -f /dev/null >>/data/one' &");
        machine.Send("(trap '' TERM; sleep 1000 >/data/two) &");
        machine.Send("until [ -e /data/one ] && [ -e /data/two ]; do sleep 1; done; shutdown -r now");
        machine.AwaitOff();
        Assert.Equal("clean", machine.DiskState);
        await Verify(machine, architecture);
    }

    [MachineTheory]
    [InlineData("amd64", "controller.sh")]
    [InlineData("amd64", "mounts.sh")]
    [InlineData("amd64", "last.sh")]
    public async Task AScriptThatIsBrokenLeavesAShellAtTheConsole(string architecture, string script)
    {
        using Machine machine = Machine.BootWith(architecture, string.Empty, (script, Broken));
        machine.AwaitText("process 1 is");
        machine.Send("echo still-$((40 + 2))");
        machine.AwaitText("still-42");

        // Without a controller nobody obeys a word, and without mounts nothing has a name.
        if (script == "mounts.sh")
        {
            Assert.True(machine.TryAwaitText("Failed to create control socket"));
        }

        machine.Send(script == "last.sh"
            ? "until [ -S /run/daemonproxy.sock ]; do sleep 1; done; reboot"
            : "/sbin/reboot -f");
        machine.AwaitOff();
        Assert.True(script == "mounts.sh" || machine.DiskState == "clean" || script == "controller.sh");
        await Verify(machine, script);
    }

    [MachineTheory]
    [InlineData("empty", "", "the config file leaves neither a service nor a control socket")]
    [InlineData("blanks", "service.args login /bin/sh\n", "fields are separated by TABs")]
    [InlineData("mistake", "service.agrs\tlogin\t/bin/sh\n", "unknown command")]
    public async Task AConfigThatDefinesNothingGivesARescue(string fault, string config, string reason)
    {
        using Machine machine = Machine.BootWith("amd64", string.Empty, ("daemonproxy.conf", config));
        AwaitRescue(machine);
        Assert.Contains(reason, machine.Heard, StringComparison.Ordinal);
        machine.Send("/sbin/poweroff -f");
        machine.AwaitOff();
        await Verify(machine, fault);
    }

    [MachineTheory]
    [InlineData("missing", "/etc/missing.conf")]
    [InlineData("folder", "/etc")]
    public async Task AConfigThatCannotBeReadGivesARescue(string fault, string path)
    {
        using Machine machine = Machine.BootWith("amd64", $"-c {path}");
        AwaitRescue(machine);
        machine.Send("/sbin/poweroff -f");
        machine.AwaitOff();
        await Verify(machine, fault);
    }

    [MachineTheory]
    [InlineData("amd64", "single")]
    [InlineData("amd64", "emergency")]
    [InlineData("amd64", "1")]
    public async Task AWordOnTheKernelsCommandLineGivesARescue(string architecture, string word)
    {
        using Machine machine = Machine.BootWith(architecture, word);
        AwaitRescue(machine);

        // From there the machine can be brought up as ever, in place of the rescue.
        machine.Send("printf 'service.auto_up\\trescue\\t-\\n' >&3; /bin/busybox cat /etc/daemonproxy.conf >&3; exit");
        machine.AwaitText("and process 1 is init");
        machine.AwaitText(Prompt);
        machine.Send("/sbin/poweroff -f");
        machine.AwaitOff();
        await Verify(machine, word);
    }

    [MachineTheory]
    [InlineData("amd64")]
    public async Task AProgramToEndWithThatIsMissingGivesARescue(string architecture)
    {
        using Machine machine = Machine.BootWith(architecture, string.Empty);
        machine.AwaitText("and process 1 is init");
        machine.AwaitText(Prompt);
        machine.Send("until [ -S /run/daemonproxy.sock ]; do sleep 1; done");

        // As at the end of a machine, the shell at the console is gone by then.
        machine.Send("printf 'service.auto_up\\tlogin\\t-\\nterminate.exec_args\\t/missing\\nterminate\\t0\\t1\\n'"
            + " | daemonproxy --send; exit");
        AwaitRescue(machine);
        machine.Send("/sbin/poweroff -f");
        machine.AwaitOff();
        await Verify(machine, architecture);
    }

    [MachineTheory]
    [InlineData("amd64")]
    public async Task AServiceThatSignalsItsGroupDoesNotRestartTheMachine(string architecture)
    {
        using Machine machine = Machine.BootWith(architecture, string.Empty);
        machine.AwaitText("and process 1 is init");
        machine.Send("until [ -S /run/daemonproxy.sock ]; do sleep 1; done");
        machine.Send("printf \"service.args\\ttrap\\t/bin/sh\\t-c\\ttrap 'kill 0' EXIT\\nservice.start\\ttrap\\n\""
            + " | daemonproxy --send");
        machine.Send("sleep 2; echo still-$((40 + 2))");
        machine.AwaitText("still-42");
        Assert.DoesNotContain("last: reboot", machine.Heard, StringComparison.Ordinal);

        // As the scripts of sysvinit say it.
        machine.Send("telinit 0");
        machine.AwaitOff();
        await Verify(machine, architecture);
    }

    /// <summary>The watchdog resets a machine whose controllers all hang: here the machine ends.</summary>
    [MachineTheory]
    [InlineData("amd64")]
    public void ControllersThatHangAgainAndAgainLetTheWatchdogResetTheMachine(string architecture)
    {
        using Machine machine = Machine.BootWith(architecture, string.Empty);
        machine.AwaitText("and process 1 is init");
        machine.Send("until ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q /dev/watchdog; do sleep 1; done");

        // The next ones hang before they read an event.
        machine.Send("sed -i 's/^while IFS/sleep 1000; &/' /etc/controller.sh");
        machine.Send("kill -STOP $(ps | sed -n 's/^ *\\([0-9]*\\) .*[c]ontroller.sh/\\1/p') && echo hang''s");
        machine.AwaitText("hangs");
        machine.AwaitText("service 'controller' hangs: ending it");
        machine.AwaitOffWithin(TimeSpan.FromMinutes(3));
        Assert.DoesNotContain("exec_on_exit", machine.Heard, StringComparison.Ordinal);
    }

    /// <summary>Without this, only the watchdog would end the machine: nobody reads what reboot has sent.</summary>
    [MachineTheory]
    [InlineData("amd64")]
    public async Task AControllerThatHangsIsEndedAndTheMachineRestartsInOrder(string architecture)
    {
        using Machine machine = Machine.BootWith(architecture, string.Empty);
        machine.AwaitText("and process 1 is init");
        machine.Send("until ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q /dev/watchdog; do sleep 1; done");
        machine.Send("kill -STOP $(ps | sed -n 's/^ *\\([0-9]*\\) .*[c]ontroller.sh/\\1/p') && echo hang''s");
        machine.AwaitText("hangs");

        // The next controller finds the signal that this one has not read.
        machine.Send("reboot");
        machine.AwaitText("service 'controller' hangs: ending it");
        machine.AwaitOffWithin(TimeSpan.FromMinutes(3));
        await Verify(machine, architecture);
    }

    /// <summary>Nothing may be written to the disk any more, and the machine ends all the same.</summary>
    [MachineTheory]
    [InlineData("amd64")]
    public async Task ADiskThatDoesNotAnswerHoldsUpTheEndForAWhileOnly(string architecture)
    {
        // Without the watchdog, which would reset the machine later.
        using Machine machine = Machine.BootWith(
            architecture, string.Empty, ("modules", DiskModules));
        machine.AwaitText("and process 1 is init");
        machine.AwaitText(Prompt);
        machine.Send("until [ -S /run/daemonproxy.sock ]; do sleep 1; done; dmesg -n 8; echo rea''dy");
        machine.AwaitText("ready");
        machine.StopDisk();
        machine.Send("(dd if=/dev/zero of=/data/file bs=1k count=4000; sync) 2>/dev/null & sleep 1; /sbin/poweroff");
        machine.AwaitOffWithin(TimeSpan.FromMinutes(3));
        Assert.Contains("Power down", machine.Heard, StringComparison.Ordinal);
        await Verify(machine, architecture);
    }

    /// <summary>Process 1 starts with closed descriptors; the kernel warns of that.</summary>
    [MachineTheory]
    [InlineData("amd64")]
    public async Task AMachineWithoutAConsoleRunsAServiceThatNamesTheStreams(string architecture)
    {
        const string Config = "service.args\tfirst\t/bin/busybox\tsh\t/etc/first.sh\n"
            + "service.fds\tfirst\tstdin\tstdout\tstderr\nservice.start\tfirst\n";
        const string Script = "b=/bin/busybox; $b mkdir -p /proc; $b mount -t proc proc /proc; $b mkdir /devices\n"
            + "$b mount -t devtmpfs devices /devices; exec 9>/devices/console\n"
            + "for n in 0 1 2; do $b readlink /proc/$$/fd/$n | $b sed \"s/^/shell: $n is /\" >&9; done\n"
            + "$b reboot -f\n";
        using Machine machine = Machine.BootPrepared(
            architecture, string.Empty, "mkdir -p dev/console", ("daemonproxy.conf", Config), ("first.sh", Script));
        machine.AwaitText("unable to open an initial console");
        machine.AwaitOff();
        await Verify(machine, architecture);
    }

    /// <summary>As in docs/INIT.md, for a machine whose controller may be gone.</summary>
    [MachineTheory]
    [InlineData("amd64")]
    public async Task WithoutAControllerATriggerAndAShellInTheConfigWillDo(string architecture)
    {
        const string Config = "fd.open\tconsole\tread,write\t/dev/console\n"
            + "service.args\tmounts\t/bin/busybox\tsh\t/etc/mounts.sh\nservice.start\tmounts\n"
            + "service.args\tlogin\t/bin/busybox\tsh\t/etc/login.sh\nservice.fds\tlogin\tconsole\tconsole\tconsole\n"
            + "service.process\tlogin\ttty=0\nservice.auto_up\tlogin\t1\talways\n"
            + "service.args\tcontroller\t/missing/controller\n"
            + "service.fds\tcontroller\tcontrol.event\tcontrol.cmd\tstderr\n"
            + "service.auto_up\tcontroller\t5\talways\n"
            + "service.args\tcad\t/bin/busybox\tsh\t-c\techo 'last: by the trigger' >/dev/console; busybox reboot -f\n"
            + "service.auto_up\tcad\t1\tSIGINT\nlog.filter\tinfo\n";
        using Machine machine = Machine.BootWith(architecture, string.Empty, ("daemonproxy.conf", Config));
        machine.AwaitText("and process 1 is init");
        machine.AwaitText(Prompt);
        Assert.True(machine.TryAwaitText("cannot start service 'controller'"));
        machine.Send("echo still-$((40 + 2))");
        machine.AwaitText("still-42");
        machine.Press("ctrl-alt-delete");
        machine.AwaitOff();
        await Verify(machine, architecture);
    }

    // What a helper says, the log and the shell come in any order.
    private static void AwaitRescue(Machine machine)
    {
        machine.AwaitText(Prompt);
        Assert.True(machine.TryAwaitText("this is service 'rescue'"));
        Assert.True(machine.TryAwaitText("starting service 'rescue'"));
        machine.Send("echo still-$((40 + 2))");
        machine.AwaitText("still-42");
    }

    // Beside the tests: what Daemonproxy and the scripts say, to be read as a person at the console does.
    private static Task Verify(Machine machine, string variant, [CallerMemberName] string test = "") =>
        ConsoleText.Verify(machine.Heard, $"{test}.{variant}");
}
