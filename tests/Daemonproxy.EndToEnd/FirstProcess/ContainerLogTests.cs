using System;
using System.IO;
using System.Threading.Tasks;
using Daemonproxy.EndToEnd.Harness;
using Daemonproxy.EndToEnd.Machines;
using Xunit;

namespace Daemonproxy.EndToEnd.FirstProcess;

/// <summary>The whole log of process 1 of a container after a failure, in Machines/golden/.</summary>
public class ContainerLogTests
{
    [PidNamespaceFact]
    public async Task AServiceThatEndsAtOnceIsInTheLog()
    {
        using Daemon daemon = Namespace.Start();
        daemon.Send("service.args⇥hasty⇥/bin/sh⇥-c⇥exit 7", "service.auto_up⇥hasty⇥1⇥always");
        for (int run = 0; run < 2; run++)
        {
            daemon.Log.Await(line => line.Contains("'hasty' ended", StringComparison.Ordinal), "an end");
        }

        await ConsoleText.Verify(daemon.Log.All, "Container.AServiceThatEndsAtOnce");
    }

    [PidNamespaceFact]
    public async Task AControlSocketUnderAMountIsMadeAnew()
    {
        using Scratch scratch = new();
        Directory.CreateDirectory(scratch["run"]);
        using Daemon daemon = Namespace.Start("-S", scratch["run/daemonproxy.sock"]);
        daemon.Send(
            $"service.args⇥mounts⇥/bin/mount⇥-t⇥tmpfs⇥none⇥{scratch["run"]}", "service.ready⇥mounts⇥exit",
            "service.start⇥mounts");
        daemon.Log.Await(line => line.Contains("daemonproxy.sock", StringComparison.Ordinal), "the control socket");
        string log = daemon.Log.All.Replace(scratch["run"], "/run", StringComparison.Ordinal);
        await ConsoleText.Verify(log, "Container.AControlSocketUnderAMount");
    }
}
