using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Tests.Transcripts;
using Xunit;

namespace Daemonproxy.Tests.Access;

/// <summary>
/// Two daemons that differ only in what a peer must not see tell it the same, byte by byte; and it changes nothing of
/// that. One seed decides what the peer and the administrator of its prefix do, another one what happens beside them.
/// </summary>
public sealed class NonInterferenceTests
{
    private const int Steps = 120;

    private static readonly string[] _setup =
    [
        "* directory /run", "* directory /tmp", "* program /bin/runs", "* program /bin/once exits 0",
        "* program /bin/soon exits 7 after 1500ms", "* file /data/a text",
        "$ daemonproxy -i --debug-crash",
        "> fd.pipe⇥web.log⇥logger", "> service.args⇥web.admin⇥/bin/runs",
        "> service.fds⇥web.admin⇥null⇥logger", "> service.auto_up⇥web.admin⇥5⇥fd:logger⇥USR1",
        "> socket.create⇥name=jobs,allow=jobs,prefix=web.,user=daemon,max=6⇥/run/jobs",
        "> socket.create⇥name=eye,allow=watch,prefix=web.⇥/run/eye",
        "* connect web /run/jobs", "* connect eye /run/eye",
    ];

    public static TheoryData<int> Seeds() => new(Enumerable.Range(1, 40));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void APeerReceivesTheSameWhateverIsHiddenFromIt(int seed)
    {
        List<string> one = Run(seed, hidden: 1, out _);
        List<string> other = Run(seed, hidden: 2, out _);
        Assert.True(one.Count > Steps / 2, "the peers heard next to nothing");
        Assert.Equal(one, other);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void APeerChangesNothingOfOthers(int seed)
    {
        Run(seed, hidden: 1, out List<string> with);
        Run(seed, hidden: 1, out List<string> without, isMute: true);
        Assert.NotEmpty(with);
        Assert.Equal(without, with);
    }

    // What the peers heard, and all that they must not see, in the end.
    private static List<string> Run(int seed, int hidden, out List<string> others, bool isMute = false)
    {
        using Stage stage = new();
        foreach (string line in _setup)
        {
            stage.Do(WithHiddenName(line, hidden));
        }

        Random shared = new(seed);
        Random beside = new(seed * 1000 + hidden);
        List<string> heard = [];
        for (int step = 0; step < Steps; step++)
        {
            string line = NextShared(shared);
            bool isOfPeer = line.StartsWith("web> ", StringComparison.Ordinal)
                || line.StartsWith("eye> ", StringComparison.Ordinal);
            if (!isMute || !isOfPeer)
            {
                string said = isOfPeer ? line : WithHiddenName(line, hidden);
                Do(stage, said, firstPid: 1000 + (step * 20), heard);
            }

            for (int left = beside.Next(3); left > 0; left--)
            {
                string unseen = WithHiddenName(NextHidden(beside), hidden);
                Do(stage, unseen, firstPid: 100_000 + (step * 20), heard);
            }
        }

        others = [.. stage.Do("> statedump").Where(line => !line.Contains("⇥web.", StringComparison.Ordinal))];
        return heard;
    }

    // What the lines of its prefix name and the peer must not see has another name in the other one.
    private static string WithHiddenName(string line, int hidden) =>
        hidden == 1 ? line : line.Replace("logger", "recorder", StringComparison.Ordinal);

    // Processes get the same numbers in both, however many there are that are hidden.
    private static void Do(Stage stage, string line, int firstPid, List<string> heard)
    {
        bool isAct = line.StartsWith("* web.", StringComparison.Ordinal);
        if (isAct && stage.World.ProcessOf(line.Split(' ')[1]) is null)
        {
            return;
        }

        stage.World.Kernel.LastPid = firstPid;
        heard.AddRange(stage.Do(line).Where(
            seen => seen.StartsWith("web< ", StringComparison.Ordinal)
                || seen.StartsWith("eye< ", StringComparison.Ordinal)));
    }

    private static string NextShared(Random random) => random.Next(20) switch
    {
        < 11 => "web> " + PeerCommand(random),
        < 13 => "eye> " + (random.Next(3) == 0 ? "statedump" : PeerCommand(random)),
        < 16 => "> " + AdminCommand(random),
        < 18 => $"* wait {One(random, "100ms", "1s", "3s")}",
        18 => $"* {One(random, "web.1", "web.2")} exits {random.Next(3)}",
        _ => random.Next(4) == 0 ? "* crash" : "> socket.delete⇥none",
    };

    private static string PeerCommand(Random random)
    {
        string service = One(random, "web.1", "web.2", "web.3", "web.admin", "db", "cache", "none", "control");
        string fd = One(random, "web.log", "web.r", "web.w", "logger", "secret", "null", "control.cmd", "none");
        return random.Next(22) switch
        {
            0 or 1 => $"service.args⇥{service}⇥{One(random, "/bin/runs", "/bin/once", "/bin/soon", "/bin/none")}",
            2 or 3 => $"service.start⇥{service}",
            4 => $"service.fds⇥{service}⇥{fd}⇥{One(random, "null", "web.w")}",
            5 => $"service.auto_up⇥{service}⇥2⇥{One(random, "always", "fd:" + fd, "USR1")}",
            6 => $"service.tags⇥{service}⇥{random.Next(100)}",
            7 => $"service.stop⇥{service}",
            8 => $"service.delete⇥{service}",
            9 => $"fd.pipe⇥{fd}⇥web.w",
            10 => $"fd.delete⇥{fd}",
            11 => $"fd.give⇥{fd}",
            12 => $"service.args_from⇥{service}⇥{fd}",
            13 => $"service.signal⇥{service}⇥{One(random, "TERM", "KILL", "HUP")}",
            14 => $"service.process⇥{service}⇥{One(random, "nice=1", "oom=-5", "session", "caps=chown")}",
            15 => $"service.user⇥{service}⇥root",
            16 => $"service.root⇥{service}⇥/tmp",
            17 => One(random, "stats", "log.filter", "socket.delete", "socket.create⇥-⇥/run/x", "terminate⇥1"),
            18 => $"service.ready⇥{service}⇥notify⇥store=2",
            19 => "echo⇥here",
            _ => "statedump",
        };
    }

    // What is done to what the peers see is the same in both.
    private static string AdminCommand(Random random) => random.Next(8) switch
    {
        0 => "service.start⇥web.admin",
        1 => "service.stop⇥web.admin",
        2 => $"service.tags⇥web.1⇥admin{random.Next(9)}",
        3 => "service.fds⇥web.1⇥null⇥logger",
        4 => $"fd.pipe⇥web.log⇥{One(random, "logger", "web.end")}",
        5 => "service.delete⇥web.2",
        6 => "service.user⇥web.1⇥root",
        _ => "service.args_from⇥web.3⇥",
    };

    // Of others: nothing of it starts by itself, so that no time of the peers is spent on it.
    private static string NextHidden(Random random)
    {
        string service = One(random, "db", "cache", "xweb.1", "web", "we");
        string fd = One(random, "secret", "x.r", "x.w", "web", "zz");
        return random.Next(12) switch
        {
            0 or 1 => $"> service.args⇥{service}⇥/bin/runs⇥{random.Next(99)}",
            2 => $"> service.start⇥{service}",
            3 => $"> service.signal⇥{service}⇥KILL",
            4 => $"> service.delete⇥{service}",
            5 => $"> fd.open⇥{fd}⇥write,create⇥/tmp/{random.Next(9)}",
            6 => $"> fd.pipe⇥{fd}⇥x.w",
            7 => $"> fd.delete⇥{fd}",
            8 => $"> service.fds⇥{service}⇥null⇥{fd}⇥logger",
            9 => $"> socket.create⇥name=other,allow=watch,prefix={One(random, "x.", "db-", "we-")}⇥/run/other",
            10 => "* signal SIGHUP",
            _ => $"> log.filter⇥{One(random, "info", "debug", "error")}",
        };
    }

    private static string One(Random random, params string[] pool) => pool[random.Next(pool.Length)];
}
