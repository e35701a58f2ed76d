using System;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Planning;
using Daemonproxy.Manager.Tags;
using Daemonproxy.Manager.Tests.Simulation;
using Xunit;

namespace Daemonproxy.Manager.Tests.Planning;

/// <summary>The actions of the manager for a few services, in the order of its log.</summary>
public class PlanTests
{
    internal const string Two = """
        [service.db]
        command = ["postgres"]
        ready = "notify"
        [service.web]
        command = ["gunicorn", "app:app"]
        needs = ["db"]
        """;

    [Fact]
    public void ANeededServiceIsReadyFirstAndStopsLast()
    {
        var manager = new SimManager(Two);
        manager.Daemon.Program("db").ReadyAfter = 3;
        manager.Run(5);
        manager.IsShuttingDown = true;
        manager.Run(5);
        Assert.Equal(
            ["  0 db: starting", "  3 web: starting, db ready", "  5 web: stopping",
                "  6 web: stopped, exit 0 after 3 s", "  6 db: stopping", "  7 db: stopped, exit 0 after 7 s"],
            manager.Log);
        Assert.True(manager.Daemon.HasEnded);
    }

    [Fact]
    public void AStopOfWhatIsNeededStopsFirstWhatNeedsIt()
    {
        var manager = new SimManager(Two);
        manager.Run(5);
        manager.Log.Clear();
        manager.Wish("db", WishKind.Down);
        manager.Run(4);
        Assert.Equal(
            ["  5 web: stopping, one of its needs is going down", "  6 web: stopped, exit 0 after 5 s",
                "  6 db: stopping", "  7 db: stopped, exit 0 after 7 s"],
            manager.Log);
        manager.Log.Clear();
        manager.Wish("web", WishKind.Up);
        manager.Run(3);
        Assert.Equal(["  9 db: starting", " 10 web: starting, db ready"], manager.Log);
    }

    [Fact]
    public void ARestartReachesWhatNeedsTheService()
    {
        var manager = new SimManager(Two);
        manager.Run(5);
        manager.Log.Clear();
        manager.Wish("db", WishKind.Restart);
        manager.Run(5);
        Assert.Equal(
            ["  5 web: stopping, one of its needs is going down", "  6 web: stopped, exit 0 after 5 s",
                "  6 db: stopping, to start it again", "  7 db: stopped, exit 0 after 7 s", "  7 db: starting",
                    "  8 web: starting, db ready"],
            manager.Log);
        manager.Run(20);
        Assert.Equal(6, manager.Log.Count);
    }

    [Fact]
    public void ACrashIsFollowedByLongerAndLongerWaitsUntilTheManagerGivesUp()
    {
        var manager = new SimManager("""
            [service.mail]
            command = ["mail"]
            restart = { first = "1s", most = "4s", give-up = 4 }
            """);
        manager.Daemon.Program("mail").EndsAfter = 1;
        manager.Daemon.Program("mail").EndsWith = 7;
        manager.Run(30);
        Assert.Equal(
            [
                "  0 mail: starting", "  1 mail: exit 7 after 1 s (1 of 4), again in 1 s", "  2 mail: starting",
                "  3 mail: exit 7 after 1 s (2 of 4), again in 2 s", "  5 mail: starting",
                "  6 mail: exit 7 after 1 s (3 of 4), again in 4 s", " 10 mail: starting",
                " 11 mail: exit 7 after 1 s; given up after 4 tries in 10 s: dpctl start mail",
            ],
            manager.Log);
        manager.Daemon.Program("mail").EndsAfter = null;
        manager.Wish("mail", WishKind.Up);
        manager.Run(2);
        Assert.Equal(ServicePhase.Up, manager.PhaseOf("mail"));
    }

    [Fact]
    public void ANewDefinitionRestartsWhatChangedAndNothingElse()
    {
        var manager = new SimManager(Two + "\n[service.other]\ncommand = [\"other\"]\n");
        manager.Run(5);
        manager.Log.Clear();
        int? other = manager.Daemon.Find("other")!.Pid;
        int? db = manager.Daemon.Find("db")!.Pid;
        manager.Reload(
            Two.Replace("app:app", "app:two", StringComparison.Ordinal)
                + "\n[service.other]\ncommand = [\"other\"]\nrestart = \"always\"\n");
        manager.Run(3);
        Assert.Equal(
            ["  5 web: stopping, its definition has changed", "  6 web: stopped, exit 0 after 5 s",
                "  6 web: starting, db ready"],
            manager.Log.Select(line => line));
        Assert.Equal((other, db), (manager.Daemon.Find("other")!.Pid, manager.Daemon.Find("db")!.Pid));
        Assert.Equal(["gunicorn", "app:two"], manager.Daemon.Find("web")!.Args);
    }

    [Fact]
    public void AServiceThatIsGoneFromTheFileIsStoppedAndDeleted()
    {
        var manager = new SimManager(Two);
        manager.Run(5);
        manager.Reload(Two[..Two.IndexOf("[service.web]", StringComparison.Ordinal)]);
        manager.Run(3);
        Assert.Null(manager.Daemon.Find("web"));
        Assert.Equal(ServicePhase.Up, manager.PhaseOf("db"));
    }

    [Fact]
    public void AStopAndAStartByHandAreWishes()
    {
        var manager = new SimManager(Two);
        manager.Run(5);
        manager.Daemon.Run(new DaemonCommand("service.stop", "web"));
        manager.Run(10);
        Assert.Equal(ServicePhase.Exited, manager.PhaseOf("web"));
        manager.Daemon.Run(new DaemonCommand("service.start", "web"));
        manager.Run(10);
        Assert.Equal(ServicePhase.Up, manager.PhaseOf("web"));
        Assert.Contains(" 15 web: started by another controller", manager.Log);
    }

    [Fact]
    public void CommandsBeforeAndAfterRunInOrder()
    {
        var manager = new SimManager("""
            [service.web]
            command = ["web"]
            pre = [["mkdir", "a"], ["mkdir", "b"]]
            post = ["rm", "a"]
            """);
        foreach (string step in (string[])["web.pre1", "web.pre2", "web.post1"])
        {
            manager.Daemon.Program(step).EndsAfter = 1;
        }

        manager.Run(4);
        Assert.Equal(
            (100, 101, 102), (
                manager.Daemon.Find("web.pre1")!.Pid, manager.Daemon.Find("web.pre2")!.Pid, manager.Daemon.Find(
                    "web")!.Pid));
        manager.Daemon.End("web", 3);
        manager.Run(6);
        Assert.Equal(
            (103, 104, 106), (
                manager.Daemon.Find("web.post1")!.Pid, manager.Daemon.Find("web.pre1")!.Pid, manager.Daemon.Find(
                    "web")!.Pid));
    }

    [Fact]
    public void AFailedCommandBeforeTheStartFailsTheStart()
    {
        var manager = new SimManager("""
            [service.web]
            command = ["web"]
            pre = ["false"]
            restart = { give-up = 2 }
            """);
        manager.Daemon.Program("web.pre1").EndsAfter = 0;
        manager.Daemon.Program("web.pre1").EndsWith = 1;
        manager.Run(10);
        Assert.Equal(2, manager.Log.Count);
        Assert.EndsWith("given up after 2 tries in 2 s: dpctl start web", manager.Log[1], StringComparison.Ordinal);
        Assert.Equal(ServicePhase.Never, manager.PhaseOf("web"));
    }

    [Fact]
    public void AServiceThatIsNotReadyInTimeIsStartedAgain()
    {
        var manager = new SimManager("""
            [service.db]
            command = ["db"]
            ready = "notify"
            ready-within = "5s"
            restart = { give-up = 2 }
            """);
        manager.Daemon.Program("db").ReadyAfter = null;
        manager.Run(20);
        Assert.Equal(
            ["  0 db: starting", "  5 db: stopping, it was not ready in time",
                "  6 db: not ready in time (1 of 2), again in 1 s", "  7 db: starting",
                    " 12 db: stopping, it was not ready in time"],
            manager.Log.Take(5));
        Assert.Contains("given up", manager.Log[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void AServiceWhoseCheckFailsIsStartedAgain()
    {
        var manager = new SimManager("""
            [service.web]
            command = ["web"]
            check = { command = ["curl"], every = "10s", fails = 2 }
            """);
        manager.Daemon.Program("web.check").EndsAfter = 1;
        manager.Run(15);
        int? pid = manager.Daemon.Find("web")!.Pid;
        manager.Daemon.Program("web.check").EndsWith = 1;
        manager.Run(25);
        Assert.NotEqual(pid, manager.Daemon.Find("web")!.Pid);
        Assert.Contains(manager.Log, line => line.EndsWith("web: stopping, its check fails", StringComparison.Ordinal));
    }

    [Fact]
    public void ACheckTellsWhenAServiceIsReady()
    {
        var manager = new SimManager("""
            [service.db]
            command = ["db"]
            ready = "check"
            check = { command = ["pg_isready"] }
            [service.web]
            command = ["web"]
            needs = ["db"]
            """);
        manager.Daemon.Program("db.check").EndsAfter = 0;
        manager.Daemon.Program("db.check").EndsWith = 2;
        manager.Run(6);
        Assert.NotEqual(ServicePhase.Up, manager.PhaseOf("web"));
        manager.Daemon.Program("db.check").EndsWith = 0;
        manager.Run(4);
        Assert.Equal(ServicePhase.Up, manager.PhaseOf("web"));
    }

    [Fact]
    public void ADefinitionThatWasSentOnlyInPartIsSentAgainAfterARevert()
    {
        var manager = new SimManager(Two);
        manager.Run(5);
        manager.Wish("web", WishKind.Down);
        manager.Run(3);
        manager.Reload(Two.Replace("app:app", "app:two", StringComparison.Ordinal));
        foreach (DaemonCommand command in manager.Plan().Commands.Take(3))
        {
            manager.Daemon.Run(command);
        }

        Assert.Equal(["gunicorn", "app:two"], manager.Daemon.Find("web")!.Args);
        manager.Reload(Two);
        manager.Wish("web", WishKind.Up);
        manager.Run(3);
        Assert.Equal(["gunicorn", "app:app"], manager.Daemon.Find("web")!.Args);
    }

    [Fact]
    public void AServiceThatRanBeforeGetsItsSettingsAtItsNextStart()
    {
        var manager = new SimManager(Two);
        manager.Daemon.Run(new DaemonCommand("service.args", "web", "old"));
        manager.Daemon.Run(new DaemonCommand("service.start", "web"));
        manager.Daemon.Launch();
        manager.Run(5);
        Assert.Equal((100, "old"), (manager.Daemon.Find("web")!.Pid, manager.Daemon.Find("web")!.Args[0]));
        manager.Daemon.End("web", 1);
        manager.Run(5);
        Assert.Equal("gunicorn", manager.Daemon.Find("web")!.Args[0]);
    }

    [Fact]
    public void AListenerThatNobodyHasAnyMoreIsClosed()
    {
        const string web = "[service.web]\ncommand = [\"web\"]\n";
        var manager = new SimManager(web + "listen = { http = \"tcp:*:80\" }\n");
        manager.Run(2);
        Assert.True(manager.Daemon.State.Fds.ContainsKey(new FdName("http")));
        manager.Reload(web + "listen = { main = \"tcp:*:80\" }\n");
        manager.Run(4);
        Assert.Equal([new FdName("main")], manager.Daemon.State.Fds.Keys);
        manager.Reload("[service.other]\ncommand = [\"x\"]\n");
        manager.Run(4);
        Assert.Empty(manager.Daemon.State.Fds);
    }

    [Fact]
    public void AShutdownWaitsForNoCheck()
    {
        var manager = new SimManager("""
            [service.web]
            command = ["web"]
            check = { command = ["curl"], every = "2s" }
            """);
        manager.Run(4);
        Assert.Equal(ServicePhase.Up, manager.PhaseOf("web.check"));
        manager.IsShuttingDown = true;
        manager.Run(5);
        Assert.True(manager.Daemon.HasEnded);
    }

    [Fact]
    public void ACheckOfTheProcessBeforeSaysNothingOfTheNextOne()
    {
        var manager = new SimManager("""
            [service.db]
            command = ["db"]
            ready = "check"
            check = { command = ["pg_isready"] }
            """);
        manager.Daemon.Program("db.check").EndsAfter = 0;
        manager.Run(5);
        manager.Daemon.Program("db.check").EndsWith = 1;
        manager.Wish("db", WishKind.Restart);
        manager.Run(5);
        ServiceInfo db = manager.Daemon.Find("db")!;
        Assert.Equal(ServicePhase.Up, db.Phase);
        Assert.NotEqual(db.Pid, ManagerTag.Find(db.Tags)!.CheckedPid);
    }

    [Fact]
    public void ADisabledScheduleStartsNothing()
    {
        var manager = new SimManager("[service.cron]\ncommand = [\"x\"]\nevery = \"5s\"\ndisabled = true\n");
        manager.Run(20);
        Assert.Equal(ServicePhase.Never, manager.PhaseOf("cron"));
    }

    [Fact]
    public void AScheduleDoesNotComeEarly()
    {
        ServiceGraph graph = SimManager.GraphOf("[service.cron]\ncommand = [\"x\"]\nschedule = \"0 0 * * *\"\n");
        var daemon = new SimDaemon();
        var night = new DateTimeOffset(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);
        var now = new Moment(daemon.Now, night.AddSeconds(-59.2)) { Exact = daemon.Now.Value + 0.9 };
        foreach (DaemonCommand command in Planner.Make(graph, daemon.State, now).Commands)
        {
            daemon.Run(command);
        }

        // 59.2 s from 1000.9 on: the first second that does not begin before is 1061.
        Assert.Equal(new Instant(1061), ManagerTag.Find(daemon.Find("cron")!.Tags)!.Next);
    }

    [Fact]
    public void AScheduleStartsAServiceThatIsDown()
    {
        var manager = new SimManager("""
            [service.cron]
            command = ["backup"]
            schedule = "*/5 * * * *"
            [service.beat]
            command = ["beat"]
            every = "30s"
            """);
        manager.Daemon.Program("cron").EndsAfter = 2;
        manager.Daemon.Program("beat").EndsAfter = 2;
        manager.Run(605);
        Assert.Equal(
            ["300 cron: starting", "600 cron: starting"], manager.Log.Where(
                line => line.EndsWith("cron: starting", StringComparison.Ordinal)));
        Assert.Equal(21, manager.Log.Count(line => line.EndsWith("beat: starting", StringComparison.Ordinal)));
    }
}
