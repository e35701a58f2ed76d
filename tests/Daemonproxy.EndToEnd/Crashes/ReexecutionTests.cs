using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Crashes;

/// <summary>The running program is replaced on purpose: nobody loses anything, and nobody has to be told.</summary>
public class ReexecutionTests
{
    [Fact]
    public void AHundredTimesNothingIsLostAndNothingIsLeaked()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("fd.pipe⇥r⇥w", "service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        daemon.Ask("reexec⇥-");
        string[] before = [.. daemon.Dump().Where(IsTimeless)];
        string? program = new System.IO.FileInfo($"/proc/{daemon.Pid}/exe").LinkTarget;
        Patience.Until(
            () => Proc.Descriptors(daemon.Pid).Values.Count(path => path == program) == 1,
            "a helper has closed the program as it was checked");
        int descriptors = Proc.Descriptors(daemon.Pid).Count;
        for (int n = 1; n <= 100; n++)
        {
            // Each time a child ends meanwhile, with a status of its own.
            daemon.Send(
                $"service.args⇥short⇥/bin/sh⇥-c⇥exit {n}", "service.start⇥short", "reexec⇥-", $"echo⇥after {n}");
            string[] told = daemon.Output.AwaitAll(line => line == $"after {n}", "the word after a re-execution");
            string[] late = told.Any(line => Text.Matches(line, "service.state⇥short⇥down⇥**"))
                ? told
                : [.. told, daemon.Await("service.state⇥short⇥down⇥**")];
            Assert.Single(late, line => Text.Matches(line, $"service.state⇥short⇥down⇥*⇥*⇥exit⇥{n}⇥*⇥*"));
            Assert.DoesNotContain("overflow", told);
        }

        Assert.Equal(101, daemon.Counters()["reexecs"]);
        Assert.Equal(0, daemon.Counters()["crashes"]);
        Assert.Equal(0, daemon.Counters()["gc.allocated"]);
        Patience.Until(
            () => Proc.Descriptors(daemon.Pid).Count == descriptors, "no descriptor is left open, and none is lost");
        Patience.Until(
            () => Proc.Children(daemon.Pid).SequenceEqual([service]), "nobody but the service is a child");
        daemon.Ask("service.delete⇥short");
        Assert.Equal(before, daemon.Dump().Where(IsTimeless));
        Assert.Equal("daemonproxy", Proc.Status(daemon.Pid, "Name"));
    }

    [Fact]
    public void LinesSentMeanwhileAreRunOnceAndInTheirOrder()
    {
        const int Rounds = 20;
        const int Lines = 1000;
        using Daemon daemon = Daemon.Interactive();
        System.Threading.Thread sender = new(() =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                daemon.Send([.. Enumerable.Range(round * Lines, Lines).Select(n => $"echo⇥{n}"), "reexec⇥-"]);
            }
        });
        sender.Start();
        sender.Join();
        daemon.Sync();
        Assert.Equal(
            Enumerable.Range(0, Rounds * Lines).Select(n => $"{n}"),
            daemon.Heard.Split('\n').Where(line => line is [>= '0' and <= '9', ..]));
        Assert.Equal(Rounds, daemon.Counters()["reexecs"]);
    }

    [Fact]
    public void ItsOwnFileMayBeReplacedOrGone()
    {
        using Scratch scratch = new();
        File.Copy(Binary.Path, scratch["daemon"]);
        using Daemon daemon = Daemon.Interactive(new Launch(scratch["daemon"], "-i"));
        File.Delete(scratch["daemon"]);
        Assert.Empty(daemon.Ask("reexec⇥-"));
        scratch.Script("daemon", "exit 9");
        Assert.Empty(daemon.Ask("reexec⇥-"));
        File.Delete(scratch["daemon"]);
        File.Copy(Binary.Path, scratch["daemon"]);
        Assert.Empty(daemon.Ask($"reexec⇥{scratch["daemon"]}"));
        Assert.Equal(3, daemon.Counters()["reexecs"]);
    }

    [Fact]
    public void AProgramThatCannotTakeOverDoesNot()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        int descriptors = Proc.Descriptors(daemon.Pid).Count;
        string silent = scratch.Script("silent", "exec sleep 1000");
        (string Program, string Reason)[] refused =
        [
            ("/none/such", "No such file or directory"),
            (scratch.Write("text", "no program"), "Permission denied"),
            ("/bin/true", "it does not say that it can take over"),
            ("/bin/echo", "it does not say that it can take over"),
            (silent, "it did not answer in time"),
        ];
        foreach ((string program, string reason) in refused)
        {
            string line = $"reexec⇥{program}";
            string quoted = line.Length >= 30 ? line[..30] + "..." : line;
            Assert.Equal([$"error⇥cannot be replaced: {reason}, for command \"{quoted}\""], daemon.Ask(line));
        }

        Assert.Equal(0, daemon.Counters()["reexecs"]);
        Assert.Equal(descriptors, Proc.Descriptors(daemon.Pid).Count);
        Patience.Until(() => Proc.Children(daemon.Pid).Length == 0, "who was asked is gone");
    }

    [Fact]
    public void AScriptMayChooseTheProgram()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string script = scratch.Script("wrapper", $"exec {Binary.Path} \"$@\"");
        Assert.Empty(daemon.Ask($"reexec⇥{script}"));
        Assert.Empty(daemon.Ask($"reexec⇥{script}"));
        Assert.Equal(2, daemon.Counters()["reexecs"]);
    }

    [Fact]
    public void ACrashAfterwardsIsSurvivedByTheNewProgram()
    {
        using Scratch scratch = new();
        File.Copy(Binary.Path, scratch["daemon"]);
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        daemon.Ask($"reexec⇥{scratch["daemon"]}");
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        Assert.Equal((1, 1), (daemon.Counters()["crashes"], daemon.Counters()["reexecs"]));
        string executed = new FileInfo($"/proc/{daemon.Pid}/exe").LinkTarget!;
        Assert.Equal(scratch["daemon"], executed);
    }

    private static bool IsTimeless(string line) => !line.StartsWith("service.state", StringComparison.Ordinal);
}
