using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Examples;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Crashes;

/// <summary>docs/read-image.py, which reads the image of a daemon from outside.</summary>
public class ImageScriptTests
{
    [PythonFact]
    public void TheScriptPrintsTheRecordsOfARunningDaemonAndItsLastCrash()
    {
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        daemon.Send("service.args⇥web⇥/bin/sleep⇥1000", "service.start⇥web", "service.args⇥idle⇥/bin/true");
        int service = daemon.AwaitUp("web");
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        string[] lines = [];
        string pid = daemon.Pid.ToString(CultureInfo.InvariantCulture);
        Patience.Until(() => (lines = Read(pid)).Contains("step of the turn: waiting"), "the daemon is idle");
        Assert.StartsWith("layout 2, header of ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("checksum sound", lines[0], StringComparison.Ordinal);
        Assert.Contains("record being changed: none", lines);
        Assert.Contains($"owner: process {daemon.Pid}; crashes survived or under way: 1", lines);
        string crash = Assert.Single(lines, line => line.StartsWith("last crash: ", StringComparison.Ordinal));
        Assert.StartsWith("last crash: SIGSEGV, address 0x777777777770, at ", crash, StringComparison.Ordinal);
        Assert.Contains($"service 0 web: up, process {service}", lines);
        Assert.Contains("service 1 idle: never started, process -", lines);
        Assert.Contains("descriptor 1 control.cmd: -1", lines);
    }

    [PythonFact]
    public void TheScriptReadsTheImageOfADaemonThatWasKilledWhereAnotherProcessHoldsIt()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Ask("service.args⇥web⇥/bin/true");
        int image = Proc.Descriptors(daemon.Pid).Single(
            fd => fd.Value.StartsWith("/memfd:daemonproxy", StringComparison.Ordinal)).Key;
        using FileStream held = File.OpenRead($"/proc/{daemon.Pid}/fd/{image}");
        daemon.Signal(SIGKILL);
        daemon.AwaitExit();
        int number = (int)held.SafeFileHandle.DangerousGetHandle();
        Assert.Contains("service 0 web: never started, process -", Read($"/proc/{Environment.ProcessId}/fd/{number}"));
    }

    private static string[] Read(string image)
    {
        string script = Path.Combine(ExampleFolder.Root(), "docs", "read-image.py");
        using Daemon python = Daemon.Start(new Launch("/usr/bin/env", "python3", script, image));
        string[] lines = python.AwaitOutputEnd();
        ExitStatus status = python.AwaitExit();
        Assert.True(status == new ExitStatus(0), $"{status}\n{python.Log.All}");
        return lines;
    }
}
