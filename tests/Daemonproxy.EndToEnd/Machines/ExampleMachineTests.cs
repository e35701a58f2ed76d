using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Machines;

/// <summary>The machine of examples/init, as it is.</summary>
public class ExampleMachineTests
{
    [MachineTheory]
    [InlineData("amd64", "poweroff")]
    [InlineData("arm64", "reboot")]
    public void TheMachineBootsToAShellKeepsItsServicesAndEndsInOrder(string architecture, string ending)
    {
        using Machine machine = Machine.Boot(architecture);
        machine.AwaitText("and process 1 is init");

        // The shell is there before the network is.
        machine.Send("until wget -qO- http://127.0.0.1/index.html; do sleep 1; done");
        machine.AwaitText("Served by busybox httpd");
        machine.Send("killall httpd; until wget -qO- http://127.0.0.1/index.html; do sleep 1; done");
        machine.AwaitText("Served by busybox httpd");

        // ^C reaches what runs at the console, so the shell has a controlling terminal. Before that has been executed
        // it is the shell that hears ^C, and forgets it.
        machine.Send("{ until pidof sleep; do true; done; echo run''ning; } >/dev/console & sleep 1000");
        machine.AwaitText("running");
        machine.SendRaw("\u0003");
        machine.Send("logger said; until grep said /var/log/messages; do sleep 1; done; echo en''d");
        machine.AwaitText("end");
        machine.Send(ending);
        machine.AwaitOff();
    }

    [MachineTheory]
    [InlineData("amd64")]
    public void CtrlAltDelRestartsItInOrder(string architecture)
    {
        using Machine machine = Machine.Boot(architecture);
        machine.AwaitText("and process 1 is init");
        machine.Send("dmesg -n 7; trap 'echo han''gup >/dev/kmsg; exit' HUP");
        machine.Send("echo rea''dy; while true; do sleep 1; done");
        machine.AwaitText("ready");
        machine.Press("ctrl-alt-delete");
        string said = machine.AwaitOff();
        Assert.Contains("hangup", said, System.StringComparison.Ordinal);
        Assert.Contains("last: reboot", said, System.StringComparison.Ordinal);
    }
}
