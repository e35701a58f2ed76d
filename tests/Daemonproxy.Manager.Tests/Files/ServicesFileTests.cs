using System;
using System.IO;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Files;
using Daemonproxy.Manager.Texts;
using Xunit;

namespace Daemonproxy.Manager.Tests.Files;

/// <summary>The settings of the manager's file, and the messages about its mistakes.</summary>
public class ServicesFileTests
{
    [Fact]
    public void EverySettingIsRead()
    {
        ServiceSet set = Read("""
            [service.db]
            command = ["/usr/lib/postgresql/15/bin/postgres", "-D", "/var/lib/pg"]
            user = "postgres"
            groups = ["ssl-cert"]
            dir = "data"
            env = { LANG = "C", N = 5 }
            limits = { nofile = "65536", core = 0 }
            umask = "027"
            nice = 5
            process = ["no-new-privs"]
            mounts = ["tmp=/tmp"]
            cgroup = { path = "db", set = { "memory.max" = "1G" } }
            ready = "notify"
            ready-within = "30s"
            watchdog = "10s"
            stop = { signal = "INT", timeout = "20s", tree = true, command = ["pg_ctl", "stop"] }
            reload = { command = ["pg_ctl", "reload"], user = "root" }
            log = { file = "db.log" }
            pre = [["mkdir", "-p", "/run/db"], { command = ["chown", "postgres", "/run/db"], user = "root" }]
            post = ["rm", "-r", "/run/db"]
            listen.pg = { address = "unix:db.sock", mode = "0660", owner = ":pg", backlog = 10 }
            listen.net = "tcp:[::1]:5432"
            restart = { when = "always", first = "2s", most = "1h 30m", reset = 60, give-up = 8, prevent = [3] }
            check = { command = ["pg_isready"], every = "10s", fails = 2 }
            disabled = true
            from = "postgresql@15-main.service"

            [daemon]
            guard = 7
            exec-on-exit = ["/sbin/reboot"]
            stop-time = "1m"
            """);
        ServiceDefinition db = set.Services.Single();
        Assert.Equal(["postgres", "ssl-cert"], db.Process.User);
        Assert.Equal("/etc/dp/data", db.Process.Directory);
        Assert.Equal(["LANG=C", "N=5"], db.Process.Environment);
        Assert.Equal(["nofile=65536", "core=0"], db.Process.Limits);
        Assert.Equal(["no-new-privs", "umask=027", "nice=5", "watchdog=10"], db.Process.Words);
        Assert.Equal(["db", "memory.max=1G"], db.Process.Cgroup);
        Assert.Equal(("notify", 30L, "SIGINT", 20L), (db.Ready, db.ReadyWithin, db.StopSignal, db.StopTimeout));
        Assert.Equal("/etc/dp/db.log", db.Log.File);
        Assert.Equal((2, 1), (db.Pre.Length, db.Post.Length));
        Assert.Equal(["", "root"], db.Pre.Select(static command => command.User));
        Assert.True(db.StopsTree);
        Assert.Equal((["pg_ctl", "stop"], ""), (db.StopCommand!.Words, db.StopCommand.User));
        Assert.Equal((["pg_ctl", "reload"], "root"), (db.ReloadCommand!.Words, db.ReloadCommand.User));
        Assert.Equal(
            [
                new ListenerDefinition("pg", "unix,stream,listen=10,mkdir,mode=0660,owner=:pg", "/etc/dp/db.sock"),
                new ListenerDefinition("net", "inet6,stream,listen", "[::1]:5432"),
            ],
            db.Listeners.AsEnumerable());
        Assert.Equal(
            (RestartWhen.Always, 2L, 5400L, 60L, 8L), (
                db.Restart.When, db.Restart.First, db.Restart.Most, db.Restart.Reset, db.Restart.GiveUp));
        Assert.Equal([3], db.Restart.Prevent.AsEnumerable());
        Assert.Equal((10L, 2L), (db.Check!.Every, db.Check.Fails));
        Assert.True(db.IsDisabled);
        Assert.Equal((7L, 60L), (set.Daemon.Guard, set.Daemon.StopTime));
        Assert.Equal(["/sbin/reboot"], set.Daemon.ExecOnExit);
    }

    [Theory]
    [InlineData(
        "command = [\"x\"]\nneeds = [\"bd\"]\n[service.db]\ncommand = [\"y\"]",
            "3:10: needs 'bd', which is not a service; did you mean 'db'?")]
    [InlineData("comand = [\"x\"]", "2:1: unknown key 'comand'; did you mean 'command'?")]
    [InlineData("disabled = true", "1:10: web has no 'command'")]
    [InlineData(
        "command = \"x y\"",
            "2:11: 'command' must be an array: the program and its arguments; [\"sh\", \"-c\", \"...\"] for a shell")]
    [InlineData("command = [\"x\"]\nreload = \"SIGHPU\"", "3:1: unknown signal 'SIGHPU'; did you mean 'SIGHUP'?")]
    [InlineData("command = [\"x\"]\npre = { user = \"root\" }", "3:7: 'pre' has no 'command'")]
    [InlineData(
        "command = [\"x\"]\nprocess = [\"group\"]\nstop = { tree = true }",
            "4:1: 'tree' needs a tree of its own: neither 'group' nor 'shared' in 'process'")]
    [InlineData("command = [\"x\", 5]", "2:17: 'command' must be an array of texts")]
    [InlineData("command = [\"x\\ty\"]", "2:12: a TAB, a line end or a NUL cannot be in a text: put it into a script")]
    [InlineData("command = [\"x\"]\nneeds = [\"web\"]", "3:10: web cannot have itself as 'needs'")]
    [InlineData(
        "command = [\"x\"]\nrestart = \"allways\"",
            "3:11: 'restart' cannot be 'allways', but failure, always, never; did you mean 'always'?")]
    [InlineData(
        "command = [\"x\"]\nrestart = { first = \"100ms\" }",
            "3:21: 'first' must be a time in whole seconds, such as \"20s\" or \"5m\"")]
    [InlineData(
        "command = [\"x\"]\nstop = { signal = \"SIGTREM\" }",
            "3:10: unknown signal 'SIGTREM'; did you mean 'SIGTERM'?")]
    [InlineData(
        "command = [\"x\"]\nready = \"notfiy\"",
            "3:1: 'ready' cannot be 'notfiy', but notify, exit, check or fd=N; did you mean 'notify'?")]
    [InlineData("command = [\"x\"]\nready = \"check\"", "3:1: ready = \"check\" needs a 'check'")]
    [InlineData(
        "command = [\"x\"]\non-demand = true", "3:1: 'on-demand' needs 'listen': what its first client connects to")]
    [InlineData(
        "command = [\"x\"]\nlisten = { a = \"tcp:*:80\" }\non-demand = true\nevery = \"5m\"",
        "4:1: 'on-demand' goes neither with 'schedule' nor with 'every': its clients start it")]
    [InlineData(
        "command = [\"x\"]\nlisten = { a = \"tcp:*:80\" }\non-demand = true\n"
            + "pre = [{ command = [\"y\"], user = \"root\" }]",
        "5:1: with 'on-demand' a command of 'pre' has no 'user': it runs in the process of the service")]
    [InlineData(
        "command = [\"x\"]\nlisten = { http = \"tcp:80\" }",
            "3:12: 'tcp:80' is not an address: \"tcp:*:80\", \"tcp:[::1]:80\", \"udp:127.0.0.1:53\" or \"unix:/path\"")]
    [InlineData(
        "command = [\"x\"]\nschedule = \"every day\"",
            "3:1: 'every day' is not a schedule: minute, hour, day, month, day of the week, such as \"*/5 * * * *\"")]
    [InlineData("command = [\"x\"]\nenv-file = \"nosuch\"", "3:1: /etc/dp/nosuch: No such file or directory")]
    [InlineData(
        "command = [\"x\"]\nneeds = [\"db\"]\n[service.db]\ncommand = [\"y\"]\nafter = [\"web\"]",
            "1:10: web needs db needs web: none of them can start first")]
    [InlineData("command = [\"x\"]\nlog = \"web2\"", "3:7: log 'web2', which is not a service; did you mean 'web'?")]
    [InlineData(
        "command = [\"x\"]\n[service.\"a b\"]\ncommand = [\"x\"]",
            "3:10: 'a b' cannot be the name of a service: 1 to 24 of A-Z a-z 0-9 . _ -")]
    [InlineData(
        "command = [\"x\"]\n[service.manager]\ncommand = [\"x\"]", "3:10: 'manager' is the name of the manager itself")]
    public void AMistakeIsReportedWithItsPlace(string file, string problem)
    {
        ServicesFileResult result = ServicesFile.Parse("/etc/dp/services.toml", $"[service.web]\n{file}\n");
        Assert.Equal([$"/etc/dp/services.toml:{problem}"], result.Problems.Select(static one => one.ToString()));
        Assert.Null(result.Services);
    }

    [Fact]
    public void AllMistakesAreReportedInOrder()
    {
        ServicesFileResult result = ServicesFile.Parse(
            "/x.toml",
                "[service.web]\ncommand = [\"x\"]\nneeds = [\"a\"]\nfoo = 1\n"
                + "[service.db]\nready = 5\nbar = 2\n[other]\n");
        Assert.Equal(
            [(3, 10), (4, 1), (5, 10), (6, 9), (7, 1), (8, 2)], result.Problems.Select(
                static one => (one.Line, one.Column)));
    }

    [Fact]
    public void ATextThatIsNotTomlIsReportedWithItsPlace()
    {
        Problem problem = ServicesFile.Parse("/x.toml", "[service.web]\ncommand = [\"x\"\nuser = \n").Problems[0];
        Assert.Equal(3, problem.Line);
        Assert.Contains(
            ServicesFile.Parse("/x.toml", "[service.web\ncommand = [\"x\"]\n").Problems,
            static one => one.ToString() == "/x.toml:1:13: found the end of the line while expecting `]`");
    }

    [Theory]
    [InlineData("check = { command = [\"y\"] }\n[service.\"web.check\"]\ncommand = [\"z\"]", "'web.check'")]
    [InlineData("log = { file = \"/x\" }\nlisten = { \"web.log\" = \"tcp:*:81\" }", "'web.log'")]
    public void ANameThatFollowsFromAnotherOneIsTaken(string file, string name)
    {
        ServicesFileResult result = ServicesFile.Parse("/x.toml", $"[service.web]\ncommand = [\"x\"]\n{file}\n");
        Assert.Contains(name, Assert.Single(result.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALineThatWouldBeTooLongIsAMistake()
    {
        ServicesFileResult result = ServicesFile.Parse(
            "/x.toml", $"[service.web]\ncommand = [\"x\", \"{new string('y', 5000)}\"]\n");
        Assert.Equal(
            ["/x.toml:1:10: web: service.args: the line is longer than 4096 bytes"],
            result.Problems.Select(static problem => problem.ToString()));
    }

    [Fact]
    public void ADirectoryIsReadInTheOrderOfNames()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("daemonproxy-files-");
        File.WriteAllText(
            Path.Combine(folder.FullName, "20-b.toml"), "[service.b]\ncommand = [\"b\"]\nneeds = [\"a\"]\n");
        File.WriteAllText(Path.Combine(folder.FullName, "10-a.toml"), "[service.a]\ncommand = [\"a\"]\n");
        File.WriteAllText(Path.Combine(folder.FullName, "notes.txt"), "not read");
        Assert.Equal(
            ["a", "b"], ServicesFile.Read(folder.FullName).Services!.Services.Select(static service => service.Name));
        File.WriteAllText(Path.Combine(folder.FullName, "30-a.toml"), "[service.a]\ncommand = [\"a\"]\n");
        Assert.EndsWith(
            "30-a.toml:1:10: service 'a' is in another file already",
            ServicesFile.Read(folder.FullName).Problems.Single().ToString(),
            StringComparison.Ordinal);
        folder.Delete(recursive: true);
        Assert.Equal(
            $"{folder.FullName}: No such file or directory", ServicesFile.Read(folder.FullName).Problems.Single(
                ).ToString());
    }

    [Fact]
    public void ACheckWarnsOfWhatThisMachineDoesNotHave()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("daemonproxy-manager-");
        string file = Path.Combine(folder.FullName, "services.toml");
        File.WriteAllText(Path.Combine(folder.FullName, "run"), "");
        File.WriteAllText(file, """
            [service.web]
            command = ["no-such-program", "sh"]
            user = "no-such-user"
            pre = [["/opt/no/prepare"], ["true"]]
            check = { command = ["no-such-check"] }

            [service.run]
            command = ["./run"]
            dir = "."

            [service.elsewhere]
            command = ["/in/another/root"]
            root = "/srv/root"

            [service.path]
            command = ["ls"]
            env = { PATH = "/nowhere" }

            [service.right]
            command = ["sh"]
            post = [["/bin/sh"]]
            user = "root"
            groups = ["0", "no-such-group"]
            """);
        ServicesFileResult result = ServicesFile.Read(file, checksMachine: true);
        folder.Delete(recursive: true);
        Assert.NotNull(result.Services);
        Assert.Equal(
            [
                "2:12: warning: there is no 'no-such-program' in PATH on this machine",
                "3:8: warning: there is no user 'no-such-user' on this machine",
                "4:9: warning: there is no /opt/no/prepare on this machine",
                "5:22: warning: there is no 'no-such-check' in PATH on this machine",
                "8:12: warning: ./run is not executable",
                "16:12: warning: there is no 'ls' in PATH on this machine",
                "23:16: warning: there is no group 'no-such-group' on this machine",
            ],
            result.Problems.Select(problem => problem.ToString()[(file.Length + 1)..]));
    }

    [Fact]
    public void AnEnvironmentFileIsReadAsShellsWriteIt()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("daemonproxy-files-");
        File.WriteAllText(
            Path.Combine(folder.FullName, "env"),
                "# comment\nA=1\nexport B='two words'\n; x\nC = \"say \\\"hi\\\"\"\n");
        string file = Path.Combine(folder.FullName, "services.toml");
        File.WriteAllText(
            file,
                "[service.a]\ncommand = [\"a\"]\nclear-env = true\nenv-file = [\"env\", \"-nosuch\"]\n"
                + "env = { A = \"3\" }\n");
        TextList environment = ServicesFile.Read(file).Services!.Services.Single().Process.Environment;
        folder.Delete(recursive: true);
        Assert.Equal(["-", "A=1", "B=two words", "C=say \"hi\"", "A=3"], environment);
    }

    [Fact]
    public void AnEnvironmentFileIsReadAsSystemdReadsIt()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("daemonproxy-files-");
        string path = Path.Combine(folder.FullName, "env");
        File.WriteAllText(path, "A=one \\\n two\nB='it'\\''s'  \nC=a\\ b\nno variable\n=x\nD='a\nb'\n\nE\n");
        ServicesFileResult result = ServicesFile.Parse(
            Path.Combine(folder.FullName, "services.toml"),
            "[service.a]\ncommand = [\"a\"]\nenv-file = [\"env\"]\n");
        folder.Delete(recursive: true);
        Assert.Equal(
            [
                $"{path}:5: a line must be KEY=VALUE",
                $"{path}:6: a line must be KEY=VALUE",
                $"{path}:7: a variable has a name, and neither a TAB nor a line end",
                $"{path}:10: a line must be KEY=VALUE",
            ],
            result.Problems.Select(problem => problem.Message));
        Assert.Equal(
            ["A=one  two", "B=it's", "C=a b"],
            EnvironmentText.Variables("A=one \\\n two\nB='it'\\''s'  \nC=a\\ b\n").Select(pair =>
                $"{pair.Key}={pair.Value}"));
    }

    [Theory]
    [InlineData("20s", 20)]
    [InlineData("5m", 300)]
    [InlineData("2min", 120)]
    [InlineData("1h 30m", 5400)]
    [InlineData("1d", 86400)]
    [InlineData("7", 7)]
    [InlineData("", null)]
    [InlineData("5 minutes", null)]
    [InlineData("1.5s", null)]
    [InlineData("-1s", null)]
    [InlineData("99999999999999999999s", null)]
    [InlineData("4294967296", null)]
    public void ADurationIsWholeSeconds(string text, int? seconds) =>
        Assert.Equal(seconds, Durations.TryParse(text, out long found) ? (int)found : null);

    private static ServiceSet Read(string file)
    {
        ServicesFileResult result = ServicesFile.Parse("/etc/dp/services.toml", file);
        Assert.Empty(result.Problems);
        return result.Services!;
    }
}
