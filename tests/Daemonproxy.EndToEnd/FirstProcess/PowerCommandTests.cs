using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.FirstProcess;

/// <summary>
/// The program under the names of sysvinit's and busybox's commands. They run as services in a PID namespace: the
/// process 1 that they signal is the daemon of the test.
/// </summary>
public class PowerCommandTests
{
    [PidNamespaceFact]
    public void EachCommandSendsProcessOneWhatBusyboxSends()
    {
        (string Command, string Signal)[] commands =
        [
            ("halt", "SIGUSR1"),
            ("poweroff", "SIGUSR2"),
            ("halt⇥-p", "SIGUSR2"),
            ("reboot", "SIGTERM"),
            ("shutdown⇥-r⇥now", "SIGTERM"),
            ("shutdown⇥-h⇥-t⇥3⇥+0⇥the⇥machine⇥stops", "SIGUSR2"),
            ("shutdown⇥-H⇥0", "SIGUSR1"),
            ("shutdown⇥now", "SIGRTMIN+1"),
            ("init⇥0", "SIGUSR2"),
            ("init⇥6", "SIGTERM"),
            ("init⇥1", "SIGRTMIN+1"),
            ("telinit⇥q", "SIGHUP"),
            ("telinit⇥-t⇥5⇥S", "SIGRTMIN+1"),
        ];
        using Scratch scratch = new();
        using Daemon daemon = StartFirst();
        foreach ((string command, string signal) in commands)
        {
            Run(scratch, daemon, command);
            daemon.Await($"signal⇥{signal}⇥*⇥1");
            daemon.Await("service.state⇥p⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
            daemon.Send($"signal.clear⇥{signal}⇥1");
        }
    }

    [PidNamespaceFact]
    public void AWordWithoutMeaningIsNamedAndAnUnknownOneIsAnError()
    {
        (string Command, int Code, string Text)[] commands =
        [
            ("reboot⇥-w⇥-d", 0, "reboot: ignoring what has no meaning here: -w -d"),
            ("shutdown⇥-k⇥now", 0, "shutdown: ignoring what has no meaning here: -k"),
            ("telinit⇥3", 0, "telinit: ignoring what has no meaning here: 3"),
            ("init", 1, "init: expected one of 0, 1, 6, s and q; process 1 is there already"),
            ("init⇥7", 1, "init: unknown runlevel \"7\""),
            ("shutdown⇥-r", 1, "shutdown: missing time: now, +MINUTES or HH:MM"),
            ("shutdown⇥-r⇥tomorrow", 1, "shutdown: bad time \"tomorrow\": not now, +MINUTES or HH:MM"),
            ("shutdown⇥-c", 1,
                "shutdown: nothing to cancel here: a shutdown that waits is a process, and ends with it"),
            ("reboot⇥--now", 1, "reboot: unknown option --now"),
            ("halt⇥-x", 1, "halt: unknown option -x"),
        ];
        using Scratch scratch = new();
        using Daemon daemon = StartFirst();
        foreach ((string command, int code, string text) in commands)
        {
            Run(scratch, daemon, command);
            daemon.Await($"service.state⇥p⇥down⇥*⇥*⇥exit⇥{code.ToString(CultureInfo.InvariantCulture)}⇥*⇥*");
            daemon.Log.Await(text);
        }

        Assert.DoesNotContain(daemon.Dump(), line => line.StartsWith("signal⇥", System.StringComparison.Ordinal));
    }

    [PidNamespaceFact]
    public void AShutdownInAMinuteWaitsAndEndsWithItsProcess()
    {
        using Scratch scratch = new();
        using Daemon daemon = StartFirst();
        Run(scratch, daemon, "shutdown⇥-r⇥+1");
        daemon.Log.Await("shutdown: 1 min to go; the end of this process cancels it");
        daemon.Send("service.signal⇥p⇥SIGTERM");
        daemon.Await("service.state⇥p⇥down⇥*⇥*⇥signal⇥SIGTERM⇥*⇥*");
        Assert.DoesNotContain(daemon.Dump(), line => line.StartsWith("signal⇥", System.StringComparison.Ordinal));
    }

    /// <summary>reboot(2) in a PID namespace ends its process 1 by SIGHUP, which it sends to nobody else.</summary>
    [PidNamespaceFact]
    public void ForcedItEndsTheMachineItself()
    {
        using Scratch scratch = new();
        using Daemon daemon = StartFirst();
        Run(scratch, daemon, "reboot⇥-f⇥-n");
        Assert.Equal(SIGHUP, daemon.AwaitExit().Signal);
    }

    // By a link, whose name is the name of the command.
    private static void Run(Scratch scratch, Daemon daemon, string command)
    {
        string link = scratch[command.Split('⇥')[0]];
        if (!File.Exists(link))
        {
            File.CreateSymbolicLink(link, Binary.Path);
        }

        daemon.Send($"service.args⇥p⇥{scratch["."]}/{command}", "service.start⇥p");
    }

    // Nothing here may ever signal, or end, the machine that the tests run on.
    private static Daemon StartFirst()
    {
        Daemon daemon = Namespace.Start();
        Assert.Equal("1", Proc.Status(daemon.Pid, "NSpid").Split('\t').Last());
        daemon.Send("service.fds⇥p⇥null⇥null⇥stderr");
        return daemon;
    }
}
