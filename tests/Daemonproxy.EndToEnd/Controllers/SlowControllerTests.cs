using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Controllers;

/// <summary>Controllers that do not read: nobody waits for them, and what they get is whole.</summary>
public class SlowControllerTests
{
    [Fact]
    public void AControllerThatDoesNotReadIsOverflowedAndDelaysNobody()
    {
        // More than its outbox, the pipe and whatever else may hold.
        const int Events = 5_000;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string script = scratch.Script(
            "slow", $"while ! [ -e {scratch["go"]} ]; do sleep 0.02; done\nexec cat >{scratch["seen"]}");
        daemon.Send("service.fds⇥slow⇥control.event⇥null⇥stderr", $"service.args⇥slow⇥{script}", "service.start⇥slow");
        daemon.AwaitUp("slow");
        string padding = new('x', 80);
        string[] told = daemon.Ask([.. Enumerable.Range(0, Events).Select(n => $"service.tags⇥t⇥{n}⇥{padding}")]);
        Assert.Equal(Events, told.Length);
        Assert.Equal(1, daemon.Counters()["overflows"]);

        scratch.Write("go", string.Empty);
        Patience.Until(() => Lines(scratch).Contains("overflow"), "it is told that it missed something");
        daemon.Send("service.tags⇥t⇥new");
        Patience.Until(() => Lines(scratch).Contains("service.tags\tt\tnew"), "it is told what is new");
        string[] seen =
            [.. Lines(scratch).SkipWhile(line => !line.StartsWith("service.tags", StringComparison.Ordinal))];
        int missed = Array.IndexOf(seen, "overflow");
        Assert.InRange(missed, 100, Events - 1);
        Assert.Equal(Enumerable.Range(0, missed).Select(n => $"service.tags\tt\t{n}\t{padding}"), seen[..missed]);
        Assert.Equal(["overflow", "service.tags\tt\tnew"], seen[missed..]);
    }

    [Fact]
    public void ASessionThatDoesNotReadItsAnswersGetsThemAllInTheEnd()
    {
        // Written without reading until input and output are full; the daemon waits and drops nothing.
        const int Lines = 20_000;
        Launch launch = new(Binary.Path, "-i");
        (Fd reader, Fd writer) = Fd.Pipe();
        launch.Descriptors[1] = writer;
        using Daemon daemon = Daemon.Start(launch);
        writer.Dispose();
        System.Threading.Thread sender = new(
            () => daemon.Send([.. Enumerable.Range(0, Lines).Select(n => $"echo⇥{n}"), "echo⇥the end"]));
        sender.Start();
        Proc.AwaitRest(daemon.Pid, "daemonproxy");
        using LineStream output = new(reader, "the output");
        string[] all = output.AwaitAll(line => line == "the end", "the end");
        sender.Join();
        Assert.Equal(
            [.. Enumerable.Range(0, Lines).Select(n => $"{n}"), "the end"],
            all.Where(line => !line.StartsWith("info\t", StringComparison.Ordinal)));
        daemon.Send("terminate⇥0");
        daemon.AwaitExit();
    }

    private static string[] Lines(Scratch scratch) =>
        File.Exists(scratch["seen"]) ? File.ReadAllLines(scratch["seen"]) : [];
}
