using System;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Machines;

/// <summary>
/// The machine of examples/init in the hands of people: they end it by the commands that they know, press its buttons,
/// end all that runs, and replace its programs. What its console says is in golden/.
/// </summary>
public sealed class OperatorMachineTests
{
    // What busybox's shell says before its prompt. What is typed before that, it drops.
    private const string Prompt = "Enter 'help'";

    // The shell would run busybox's commands of the same names.
    [MachineTheory]
    [InlineData("reboot", "/sbin/reboot")]
    [InlineData("poweroff", "/sbin/poweroff")]
    [InlineData("shutdown", "/sbin/shutdown -r now")]
    public async Task TheCommandsOfSysvinitEndTheMachineInOrder(string name, string command)
    {
        using Machine machine = BootTo(Machine.BootPrepared("amd64", string.Empty, $"cp -a {Image.Sysvinit}/. ."));
        machine.Send($"{command} 2>&1 | say");
        machine.AwaitOff();
        await Verify(machine, name);
    }

    [MachineTheory]
    [InlineData("amd64")]
    public async Task TelinitOfSysvinitSaysThatItReachesNobodyAndOursEndsTheMachine(string architecture)
    {
        using Machine machine = BootTo(Machine.BootPrepared(
            architecture, string.Empty, $"mkdir theirs && cp -a {Image.Sysvinit}/. . && mv sbin/telinit theirs"));
        machine.Send("/theirs/telinit 6 2>&1 | say; echo d''one");
        machine.AwaitText("done");
        machine.Send("/sbin/telinit u 2>&1 | say; /sbin/init 6");
        machine.AwaitOff();
        await Verify(machine, architecture);
    }

    [MachineTheory]
    [InlineData("amd64")]
    public async Task ThePowerButtonEndsTheMachineInOrder(string architecture)
    {
        using Machine machine = BootTo(Machine.BootWith(architecture, string.Empty));
        machine.Send("until ls -l /proc/$(pidof acpid)/fd | grep -q /dev/input; do sleep 1; done; echo rea''dy");
        machine.AwaitText("ready");
        machine.PressPower();
        await EndsClean(machine, architecture);
    }

    /// <summary>They are those of systemd's tools, of LXC and of monitors of the power supply.</summary>
    [MachineTheory]
    [InlineData("SIGPWR", 30)]
    [InlineData("SIGRTMIN+4", 38)]
    [InlineData("SIGRTMIN+5", 39)]
    public async Task TheSignalsOfOtherToolsEndTheMachineInOrder(string name, int signal)
    {
        using Machine machine = BootTo(Machine.BootWith("amd64", string.Empty));
        machine.Send($"kill -{signal} 1");
        await EndsClean(machine, name);
    }

    /// <summary>Whoever is impatient presses the keys again and again.</summary>
    [MachineTheory]
    [InlineData("amd64")]
    public async Task CtrlAltDelTwiceEndsTheMachineInOrderAllTheSame(string architecture)
    {
        using Machine machine = BootTo(Machine.BootWith(architecture, string.Empty));
        machine.Press("ctrl-alt-delete");
        machine.Press("ctrl-alt-delete");
        await EndsClean(machine, architecture);
    }

    /// <summary>The services are not defined yet, or only some of them.</summary>
    [MachineTheory]
    [InlineData("amd64")]
    public void CtrlAltDelDuringTheStartEndsTheMachineWithoutAnError(string architecture)
    {
        using Machine machine = Machine.BootWith(architecture, string.Empty);
        machine.AwaitText("and process 1 is init");
        machine.Press("ctrl-alt-delete");
        machine.AwaitOff();
        Assert.DoesNotContain("error:", machine.Heard, StringComparison.Ordinal);
    }

    /// <summary>All but process 1 and the shell itself are gone, and come back.</summary>
    [MachineTheory]
    [InlineData("amd64")]
    public async Task WhenEverythingIsKilledEverythingComesBack(string architecture)
    {
        using Machine machine = BootTo(Machine.BootWith(architecture, string.Empty));
        string names = "syslogd klogd mdev network ntpd sshd httpd controller";
        string count = "echo statedump | daemonproxy --send | grep -c '^service.state.[a-z]*.up'";
        machine.Send($"until [ $({count}) -ge 9 ]; do sleep 1; done; pidof httpd >/tmp/old");
        machine.Send("kill -KILL -1; echo kil''led");
        machine.AwaitText("killed");
        machine.Send($"until pidof httpd >/tmp/new && [ $({count}) -ge 9 ]; do sleep 1; done");
        machine.Send("[ \"$(cat /tmp/old)\" = \"$(cat /tmp/new)\" ] || echo another httpd | say");

        // What a person asks process 1 then: which services run, and to restart one.
        machine.Send($"for name in {names}; do echo statedump | daemonproxy --send | "
            + "sed -n \"s/^service.state.\\($name\\).\\(up\\).*/\\1 \\2/p\"; done | say");
        machine.Send("printf 'service.signal\\thttpd\\tSIGTERM\\n' | daemonproxy --send >/dev/null; "
            + "until pidof httpd | grep -vqFf /tmp/new; do sleep 1; done; echo restarted | say; /sbin/reboot");
        await EndsClean(machine, architecture);
    }

    [MachineTheory]
    [InlineData("amd64")]
    public async Task AnotherProgramTakesOverWithoutTheServicesNoticing(string architecture)
    {
        using Machine machine = BootTo(Machine.BootWith(architecture, string.Empty));
        machine.Send("until pidof httpd >/tmp/old; do sleep 1; done; cp /init /init.new && mv /init.new /init");
        machine.Send("ls -l /proc/1/exe | sed 's/.*->/process 1 is/' | say");
        machine.Send("printf 'reexec\\t/init\\t1\\n' | daemonproxy --send | say");
        machine.Send("ls -l /proc/1/exe | sed 's/.*->/process 1 is now/' | say");
        machine.Send("[ \"$(cat /tmp/old)\" != \"$(pidof httpd)\" ] || echo the same httpd | say");
        machine.Send("echo statedump | daemonproxy --send | grep -c '^service.state.httpd.up' | say");
        machine.Send("/sbin/poweroff");
        machine.AwaitOff();
        await Verify(machine, architecture);
    }

    // At a prompt, with the controller's socket there.
    private static Machine BootTo(Machine machine)
    {
        machine.AwaitText("and process 1 is init");
        machine.AwaitText(Prompt);

        // What is to be in the golden file; not as it is typed.
        machine.Send("say() { sed 's/^/she''ll: /'; }");
        machine.Send("until [ -S /run/daemonproxy.sock ]; do sleep 1; done; echo def''ined");
        machine.AwaitText("defined");
        return machine;
    }

    private static Task EndsClean(Machine machine, string variant, [CallerMemberName] string test = "")
    {
        machine.AwaitOff();
        Assert.Equal("clean", machine.DiskState);
        return Verify(machine, variant, test);
    }

    private static Task Verify(Machine machine, string variant, [CallerMemberName] string test = "") =>
        ConsoleText.Verify(machine.Heard, $"{test}.{variant}");
}
