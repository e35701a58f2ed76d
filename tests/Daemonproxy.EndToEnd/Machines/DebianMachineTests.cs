using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Machines;

/// <summary>The machine of examples/init-debian: a Debian root on a disk, which is clean after the end.</summary>
public class DebianMachineTests
{
    [MachineTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheMachineRunsSshdCronAndRsyslogAndLeavesACleanRoot(bool isLastScriptWhole)
    {
        using Machine machine = Machine.BootDebian();
        machine.AwaitText("(automatic login)");
        machine.Send("until pidof rsyslogd && pidof cron && pidof sshd; do sleep 1; done >/dev/null; echo a''ll");
        machine.AwaitText("all");
        machine.Send("until (exec 3<>/dev/tcp/127.0.0.1/22 && head -n 1 <&3) 2>/dev/null; do sleep 1; done");
        machine.AwaitText("SSH-2.0-OpenSSH");
        machine.Send("until logger sa''id && grep -q sa''id /var/log/syslog; do sleep 1; done; echo log''ged");
        machine.AwaitText("logged");
        machine.Send("until ip -4 addr show eth0 | grep -q inet; do sleep 1; done; echo net''work");
        machine.AwaitText("network");

        // Programs that write to the root, one of which ignores SIGTERM.
        machine.Send("sh -c 'tail -f /dev/null >>/root/one' & (trap '' TERM; sleep 1000 >/root/two) &");
        machine.Send("until [ -e /root/one ] && [ -e /root/two ]; do sleep 1; done; echo wri''tten");
        machine.AwaitText("written");
        if (!isLastScriptWhole)
        {
            machine.Send("echo 'if then do (' >/etc/daemonproxy/last.sh");
        }

        machine.Send("shutdown -r now");
        string said = machine.AwaitOff();
        Assert.Contains("Restarting system", said, System.StringComparison.Ordinal);
        Assert.Equal("clean", machine.DiskState);
    }
}
