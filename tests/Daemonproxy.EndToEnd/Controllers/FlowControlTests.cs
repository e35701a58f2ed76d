using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Controllers;

/// <summary>Controllers on a real socket that do not read: waited for, overflowed, in step again, or closed.</summary>
public class FlowControlTests
{
    [Fact]
    public void AControllerThatReadsAtLastHasAllItsAnswers()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        using Connection slow = Connection.To(scratch["socket"]);
        int asked = Blocking.Block(slow, daemon);

        // The last line may be unfinished, and nothing more would be taken before it reads.
        string[] answers = new string[asked - 1];
        for (int answer = 0; answer < answers.Length; answer++)
        {
            answers[answer] = slow.Output.Await(_ => true, "an answer");
        }

        Assert.All(answers, answer => Assert.Equal(Blocking.Answer, answer));
        Assert.Equal(0, daemon.Counters()["overflows"]);
    }

    [Fact]
    public void AControllerIsOverflowedInTimeAndComesBackInStep()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        using Connection slow = Connection.To(scratch["socket"]);
        slow.Send("conn.event_timeout⇥1⇥1000000");
        Blocking.Block(slow, daemon);
        daemon.Log.Await("warning: controller 1 blocked pipe for 1 seconds");

        // Its commands run again, those that waited first; events for it are discarded.
        slow.Send(string.Empty, "service.tags⇥slow⇥ran");
        daemon.Await("service.tags⇥slow⇥ran");
        daemon.Ask("service.tags⇥t⇥missed");
        string[] told = slow.Output.AwaitAll(line => line == "overflow", "overflow");
        Assert.All(told[..^1], answer => Assert.Equal(Blocking.Answer, answer));
        daemon.Send("service.tags⇥t⇥told");
        Assert.Equal(Text.WithTabs("service.tags⇥t⇥told"), slow.Output.Await(_ => true, "the next event"));
        Assert.Equal(["hello"], slow.Ask("echo⇥hello"));
        Assert.Contains("service.tags⇥t⇥told", slow.Dump());
        Assert.Equal(1, daemon.Counters()["overflows"]);
    }

    [Fact]
    public void AControllerThatIsFloodedWithEventsHasAllItsAnswers()
    {
        const int Events = 20_000;
        const int Answers = 100;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        using Connection flooded = Connection.To(scratch["socket"]);
        Patience.Until(() => daemon.Counters()["controllers.used"] == 2, "it is connected");
        string padding = new('x', 80);
        daemon.Ask([.. Enumerable.Range(0, Events).Select(n => $"service.tags⇥t⇥{n}⇥{padding}")]);
        Assert.Equal(1, daemon.Counters()["overflows"]);
        flooded.Send([.. Enumerable.Range(0, Answers).Select(n => $"echo⇥answer {n}"), "nonsense", "echo⇥end"]);
        string[] told = flooded.Output.AwaitAll(line => line == "end", "the last answer");
        Assert.Contains("overflow", told);
        Assert.Equal(
            [.. Enumerable.Range(0, Answers).Select(n => $"answer {n}"), "error⇥Unknown command: nonsense"],
            told.Where(line => !IsTags(line) && line is not ("overflow" or "end")).Select(Text.Shown));
    }

    [Fact]
    public void AControllerIsClosedInTimeAndItsPlaceIsFree()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        int descriptors = daemon.OpenDescriptors(daemon.Pid);
        using Connection slow = Connection.To(scratch["socket"]);
        slow.Send("conn.event_timeout⇥1⇥1");
        Blocking.Block(slow, daemon);
        daemon.Log.Await("error: controller 1 blocked pipe for 1 seconds, closing connection");
        Patience.Until(() => daemon.Counters()["controllers.used"] == 1, "its place is free");
        Assert.Equal(descriptors, daemon.OpenDescriptors(daemon.Pid));
        Assert.All(slow.AwaitOutputEnd(), answer => Assert.Equal(Blocking.Answer, answer));
    }

    [Fact]
    public void AStoppedControllerIsEndedAndStartedAgain()
    {
        // More than its outbox and the socket hold.
        const int Events = 5_000;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string script = scratch.Script(
            "boss",
            "printf 'conn.event_timeout\\t1\\t2\\trestart\\nservice.tags\\tboss\\t%s\\n' $$\nexec cat >/dev/null");
        daemon.Send(
            "service.fds⇥boss⇥control.socket⇥control.socket⇥stderr", $"service.args⇥boss⇥{script}",
            "service.auto_up⇥boss⇥1⇥always");
        int first = daemon.AwaitUp("boss");
        daemon.Await($"service.tags⇥boss⇥{first}");
        _ = kill(first, SIGSTOP);
        string padding = new('x', 100);
        daemon.Ask([.. Enumerable.Range(0, Events).Select(n => $"service.tags⇥t⇥{n}⇥{padding}")]);

        // SIGTERM does not reach a process that is stopped.
        daemon.Await("service.stop⇥boss⇥*⇥*");
        daemon.Await($"service.state⇥boss⇥down⇥*⇥{first}⇥signal⇥SIGKILL⇥*⇥*");
        int second = daemon.AwaitUp("boss");
        daemon.Await($"service.tags⇥boss⇥{second}");
        Assert.Equal([second], Proc.Children(daemon.Pid));
    }

    // A pipe and a socket: the kernel counts what waits in them in different ways.
    [Theory]
    [InlineData("control.cmd", "control.event")]
    [InlineData("control.socket", "control.socket")]
    public void AStoppedControllerThatHasOneEventToReadIsEndedAndStartedAgain(string commands, string events)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string script = scratch.Script(
            "boss",
            "printf 'conn.event_timeout\\t1\\t1\\trestart\\nservice.tags\\tboss\\t%s\\n' $$\n"
            + "exec cat 3>&1 >/dev/null");
        daemon.Send(
            $"service.fds⇥boss⇥{events}⇥{commands}⇥stderr", $"service.args⇥boss⇥{script}",
            "service.auto_up⇥boss⇥1⇥always");
        int first = daemon.AwaitUp("boss");
        daemon.Await($"service.tags⇥boss⇥{first}");
        _ = kill(first, SIGSTOP);
        Patience.Until(() => Proc.Status(first, "State") is ['T', ..], "it is stopped");
        daemon.Send("service.tags⇥t⇥one");
        daemon.Log.Await("error: controller 1 has read nothing for 1 seconds, closing connection");
        daemon.Await("service.stop⇥boss⇥*⇥*");
        daemon.Await($"service.state⇥boss⇥down⇥*⇥{first}⇥signal⇥SIGKILL⇥*⇥*");
        int second = daemon.AwaitUp("boss");
        daemon.Await($"service.tags⇥boss⇥{second}");
        Assert.Equal([second], Proc.Children(daemon.Pid));
    }

    // It takes longer for all of them than it may read nothing.
    [Fact]
    public void OneThatReadsALineNowAndThenDoesNotHang()
    {
        const int Events = 8;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string script = scratch.Script(
            "boss",
            "printf 'conn.event_timeout\\t3\\t3\\trestart\\nservice.tags\\tboss\\tready\\n'\n"
            + "while read -r line; do\n    case $line in *last*) printf 'service.tags\\tboss\\tread\\n' ;; esac\n"
            + "    sleep 0.5\ndone");
        daemon.Send(
            "service.fds⇥boss⇥control.event⇥control.cmd⇥stderr", $"service.args⇥boss⇥{script}",
            "service.auto_up⇥boss⇥1⇥always");
        int pid = daemon.AwaitUp("boss");
        daemon.Await("service.tags⇥boss⇥ready");
        daemon.Send([.. Enumerable.Range(0, Events).Select(n => $"service.tags⇥t⇥{n}"), "service.tags⇥t⇥last"]);
        daemon.Await("service.tags⇥boss⇥read");
        Assert.Equal([pid], Proc.Children(daemon.Pid));
    }

    [Fact]
    public void AControllerThatDiesBlockedIsForgottenAndItsCommandsAreRun()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        int descriptors = daemon.OpenDescriptors(daemon.Pid);
        using (Connection slow = Connection.To(scratch["socket"]))
        {
            slow.Send(string.Concat(Enumerable.Repeat($"echo⇥{Blocking.Answer}\n", 300)) + "service.tags⇥last⇥done");
        }

        daemon.Await("service.tags⇥last⇥done");
        Patience.Until(() => daemon.Counters()["controllers.used"] == 1, "its place is free");
        Assert.Equal(descriptors, daemon.OpenDescriptors(daemon.Pid));
    }

    [Fact]
    public void TenHearTheSameInTheSameOrder()
    {
        const int Controllers = 10;
        const int Each = 300;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Start("-S", scratch["socket"]);
        Connection[] all = [.. Enumerable.Range(0, Controllers).Select(_ => Connection.To(scratch["socket"]))];

        // Each is connected before the first says something, and half of them read only when all is said.
        Array.ForEach(all, connection => connection.Send("echo⇥here"));
        foreach (Connection connection in all[..(Controllers / 2)])
        {
            connection.Await("here");
        }

        for (int n = 0; n < Each; n++)
        {
            for (int at = 0; at < Controllers; at++)
            {
                all[at].Send($"service.tags⇥t{at}⇥{n}");
            }
        }

        string[][] heard = [.. all.Select(connection => Events(connection, Each * Controllers))];
        Assert.All(heard, events => Assert.Equal(heard[0], events));
        for (int at = 0; at < Controllers; at++)
        {
            Assert.Equal(
                Enumerable.Range(0, Each).Select(n => $"service.tags\tt{at}\t{n}"),
                heard[0].Where(line => line.StartsWith($"service.tags\tt{at}\t", StringComparison.Ordinal)));
        }

        Array.ForEach(all, connection => connection.Dispose());
    }

    [Fact]
    public void FiveThousandServicesComeAndGoWithoutOverflow()
    {
        const int Services = 5_000;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Start("-S", scratch["socket"]);
        using Connection controller = Connection.To(scratch["socket"]);
        string[] names = [.. Enumerable.Range(0, Services).Select(n => $"s{n:D4}")];
        string[] told = controller.Ask(
            [.. names.SelectMany(name => new[] { $"service.args⇥{name}⇥/bin/true", $"service.fds⇥{name}⇥null" })]);
        Assert.Equal(2 * Services, told.Length);
        controller.Send([.. names.Select(name => $"service.start⇥{name}")]);
        HashSet<string> down = [];
        while (down.Count < Services)
        {
            down.Add(controller.AwaitField("service.state⇥*⇥down⇥*⇥*⇥exit⇥0⇥*⇥*", 1));
        }

        string[] dump = controller.Dump();
        Assert.Equal(names, dump.Where(line => IsState(line, "down")).Select(line => line.Split('⇥')[1]));
        Assert.Equal(5 * Services, dump.Count(line => line.StartsWith("service.", StringComparison.Ordinal)));
        Assert.Equal(
            names.Select(name => $"service.state⇥{name}⇥deleted⇥-⇥-⇥-⇥-⇥-⇥-"),
            controller.Ask([.. names.Select(name => $"service.delete⇥{name}")]));
        Assert.DoesNotContain(controller.Dump(), line => line.StartsWith("service.", StringComparison.Ordinal));
        Dictionary<string, long> counters = controller.Counters();
        Assert.Equal(0, counters["overflows"]);
        Assert.Equal(Services, counters["reaps.services"]);
        Assert.Equal(0, counters["gc.allocated"]);
        Assert.DoesNotContain("overflow\n", controller.Heard, StringComparison.Ordinal);
        Assert.Empty(Proc.Children(daemon.Pid));
    }

    private static bool IsState(string line, string state) => Text.Matches(line, $"service.state⇥*⇥{state}⇥**");

    private static string[] Events(Connection connection, int count)
    {
        int seen = 0;
        string[] heard = connection.Output.AwaitAll(line => IsTags(line) && ++seen == count, $"{count} events");
        return [.. heard.Where(IsTags)];
    }

    private static bool IsTags(string line) => line.StartsWith("service.tags\t", StringComparison.Ordinal);
}
