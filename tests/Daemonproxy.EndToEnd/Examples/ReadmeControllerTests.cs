using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Examples;

/// <summary>The controller in five lines of sh that README.md shows.</summary>
public class ReadmeControllerTests
{
    [Fact]
    public void TheControllerMailsTheEndOfTheServiceAndRunsNothingThatMailPrints()
    {
        using Scratch scratch = new();
        string[] controller = FromReadme();
        Assert.Equal(5, controller.Length);
        string boss = scratch.Program("boss.sh", string.Join('\n', controller) + "\n");
        scratch.Script("mail", "cat >\"$0.read\"\nprintf 'terminate\\t0\\n'");
        Launch launch = new(Binary.Path, "-i");
        launch.Variables = [launch.Mark, $"PATH={scratch["."]}:/usr/bin:/bin"];
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send("service.args⇥web⇥/bin/sleep⇥1000", "service.start⇥web");
        daemon.AwaitUp("web");
        daemon.Send($"service.args⇥boss⇥{boss}", "service.fds⇥boss⇥control.event⇥control.cmd⇥stderr");
        daemon.Send("service.start⇥boss");
        daemon.AwaitUp("boss");
        daemon.Send("service.signal⇥web⇥SIGKILL");
        string down = daemon.Await("service.state⇥web⇥down⇥*⇥*⇥signal⇥SIGKILL⇥*⇥*");
        daemon.Log.Await("terminate⇥0");
        Assert.Equal(down.Split('\t', 4)[3] + "\n", File.ReadAllText(scratch["mail.read"]));
        daemon.Sync();
    }

    private static string[] FromReadme() =>
    [
        .. File.ReadAllLines(Path.Combine(ExampleFolder.Root(), "README.md"))
            .SkipWhile(line => line != "## A controller in five lines of sh")
            .SkipWhile(line => !line.StartsWith("    ", StringComparison.Ordinal))
            .TakeWhile(line => line.Length > 0)
            .Select(line => line[4..]),
    ];
}
