using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Examples;

/// <summary>The example in which what runs follows a TOML file.</summary>
public sealed class ConfigSyncTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly string _folder;

    public ConfigSyncTests() => _folder = ExampleFolder.Copy("config-sync", _scratch["."]);

    private string Wanted => Path.Combine(_folder, "services.toml");

    public void Dispose() => _scratch.Dispose();

    // Of a worker that is executed: before that it has the descriptors of the daemon.
    private static string OutputOf(int worker)
    {
        Patience.Until(() => Proc.Status(worker, "Name") == "worker.sh", "the worker is executed");
        return Proc.Descriptors(worker)[1];
    }

    [PythonFact]
    public void OnlyChangedServicesAreTouched()
    {
        using Daemon daemon = StartDaemon();
        Dictionary<string, int> before = AwaitRunning(daemon, "config-sync", "logger", "mail", "web");
        string pipe = OutputOf(before["web"]);
        Edit("\"web\"]", "\"shop\"]");
        Reload(daemon);
        AwaitSaid(daemon, "web is started");
        Dictionary<string, int> after = AwaitRunning(daemon, "config-sync", "logger", "mail", "web");
        Assert.NotEqual(before["web"], after["web"]);
        Assert.Equal(before["mail"], after["mail"]);
        Assert.Equal(before["logger"], after["logger"]);
        Assert.Equal(pipe, OutputOf(after["web"]));

        // Neither a tag nor an interval is a reason to restart.
        Edit("team=blue", "team=red");
        Edit("interval = 2", "interval = 3");
        Reload(daemon);
        daemon.Await("service.auto_up⇥web⇥3⇥always");
        Assert.Contains(
            "service.tags⇥web⇥config-sync⇥stop=SIGTERM⇥patience=5⇥team=red", daemon.Dump());
        Assert.Equal(after, AwaitRunning(daemon, "config-sync", "logger", "mail", "web"));

        Edit("enabled = true", "enabled = false");
        Reload(daemon);
        AwaitRunning(daemon, "config-sync", "logger", "web");
        File.AppendAllText(Wanted, "\n[services.sleeper]\nargs = [\"sleep\", \"1000\"]\n");
        Edit("enabled = false", "enabled = true");
        Reload(daemon);
        AwaitRunning(daemon, "config-sync", "logger", "mail", "sleeper", "web");
        File.WriteAllText(Wanted, "[services.sleeper]\nargs = [\"sleep\", \"1000\"]\n");
        Reload(daemon);
        daemon.Await("fd.state⇥log.r⇥deleted");
        AwaitRunning(daemon, "config-sync", "sleeper");
        Assert.DoesNotContain(daemon.Dump(), line => line.Contains("⇥web⇥", StringComparison.Ordinal));
        AssertEveryLineIsThere();
    }

    [PythonFact]
    public void TheLoggerMovesToAnotherFileAndNoLineIsLost()
    {
        using Daemon daemon = StartDaemon();
        int logger = AwaitRunning(daemon, "config-sync", "logger", "mail", "web")["logger"];
        AwaitLogged("service.log", "web");
        Edit("service.log", "other.log");
        Reload(daemon);
        AwaitLogged("other.log", "web");
        _ = kill(AwaitRunning(daemon, "config-sync", "logger", "mail", "web")["logger"], SIGTERM);
        Patience.Until(() => !Proc.IsAlive(logger), "the logger has ended");
        daemon.Signal(SIGTERM);
        AwaitSaid(daemon, "everything has ended");
        Assert.Equal(new ExitStatus(0), daemon.AwaitExit());
        AssertEveryLineIsThere();
        string[] last = [.. File.ReadAllLines($"{_folder}/other.log").Where(Ends).Select(line => line.Split(' ')[2])];
        Assert.Equal(["mail", "web"], last.Order());
    }

    [PythonFact]
    public void AFileWithErrorsChangesNothing()
    {
        using Daemon daemon = StartDaemon();
        Dictionary<string, int> before = AwaitRunning(daemon, "config-sync", "logger", "mail", "web");
        string good = File.ReadAllText(Wanted);
        foreach ((string text, string problem) in Faults)
        {
            File.WriteAllText(Wanted, good + text);
            daemon.Signal(SIGHUP);
            AwaitSaid(daemon, $"services.toml: {problem}");
            AwaitSaid(daemon, "nothing is changed");
        }

        File.Delete(Wanted);
        daemon.Signal(SIGHUP);
        AwaitSaid(daemon, "services.toml: [Errno 2] No such file or directory: 'services.toml'");
        File.WriteAllText(Wanted, "\xff");
        _ = kill(before["config-sync"], SIGKILL);
        AwaitSaid(daemon, "services.toml: Invalid statement (at line 1, column 1)");
        AwaitSaid(daemon, "nothing is changed");
        before.Remove("config-sync");
        Dictionary<string, int> after = AwaitRunning(daemon, "config-sync", "logger", "mail", "web");
        Assert.Equal(before, after.Where(pair => pair.Key != "config-sync").ToDictionary());
    }

    [PythonFact]
    public void AnotherRunOfTheControllerGoesOnWhereItWasKilled()
    {
        using Daemon daemon = StartDaemon();
        Dictionary<string, int> before = AwaitRunning(daemon, "config-sync", "logger", "mail", "web");

        // Moved there: a script that is being executed cannot be written to, ETXTBSY.
        string stubborn = $"{_folder}/stubborn.sh";
        File.WriteAllText(stubborn, "#!/bin/sh\ntrap '' TERM INT\nwhile sleep 0.1; do echo $1 $$ is stubborn; done\n");
        File.SetUnixFileMode(stubborn, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Move(stubborn, $"{_folder}/worker.sh", overwrite: true);
        _ = kill(before["mail"], SIGKILL);
        daemon.AwaitUp("mail");
        AwaitLogged("service.log", "stubborn");
        Edit("\"mail\"]", "\"post\"]");
        daemon.Signal(SIGHUP);
        AwaitSaid(daemon, "mail is asked to end: SIGINT");
        _ = kill(before["config-sync"], SIGKILL);
        AwaitSaid(daemon, "mail is asked to end: SIGINT");
        AwaitSaid(daemon, "mail is asked to end: SIGKILL");
        AwaitSaid(daemon, "mail is started");
        Dictionary<string, int> after = AwaitRunning(daemon, "config-sync", "logger", "mail", "web");
        Assert.Equal(before["web"], after["web"]);
        Assert.Contains("service.args⇥mail⇥./worker.sh⇥post", daemon.Dump());
        Assert.Contains("service.tags⇥config-sync.fds⇥log⇥log.r⇥log.w", daemon.Dump());
    }

    [PythonFact]
    public void TheControllerCatchesUpAfterEventsWereLost()
    {
        using Daemon daemon = StartDaemon();
        Dictionary<string, int> before = AwaitRunning(daemon, "config-sync", "logger", "mail", "web");
        _ = kill(before["config-sync"], SIGSTOP);
        long overflows = daemon.Counters()["overflows"];
        for (int change = 0; daemon.Counters()["overflows"] == overflows; change++)
        {
            Assert.True(change < 100, "a controller that does not read is never overflowed");
            daemon.Ask([.. Enumerable.Range(0, 100).Select(n => $"service.tags⇥other⇥change={n}")]);
        }

        File.WriteAllText(Wanted, "[services.sleeper]\nargs = [\"sleep\", \"1000\"]\n");
        daemon.Signal(SIGHUP);
        daemon.Await("signal⇥SIGHUP⇥*⇥1");
        daemon.Ask("service.signal⇥web⇥KILL");
        _ = kill(before["config-sync"], SIGCONT);
        Assert.Equal(before["config-sync"], AwaitRunning(daemon, "config-sync", "sleeper")["config-sync"]);
        Patience.Until(
            () => !daemon.Dump().Any(line => line.StartsWith("fd.state⇥log", StringComparison.Ordinal)),
            "its descriptors are closed");
        Assert.Contains("service.tags⇥other⇥change=99", daemon.Dump());
    }

    [PythonFact]
    public void ServicesOfOthersAreLeftAlone()
    {
        using Daemon daemon = StartDaemon();
        AwaitRunning(daemon, "config-sync", "logger", "mail", "web");
        daemon.Ask("fd.open⇥my.file⇥read⇥/dev/null");
        daemon.Send("service.args⇥mine⇥sleep⇥1000", "service.start⇥mine");
        int mine = daemon.AwaitUp("mine");
        File.WriteAllText(
            Wanted,
            "[files.\"my.file\"]\npath = \"/dev/zero\"\n[services.mine]\nargs = [\"true\"]\n"
            + "[services.sleeper]\nargs = [\"sleep\", \"1000\"]\nfds = [\"my.file\"]\n");
        daemon.Signal(SIGHUP);
        AwaitSaid(daemon, "descriptor my.file was not made from services.toml, and is left alone");
        AwaitSaid(daemon, "service mine was not made from services.toml, and is left alone");
        Assert.Equal(mine, AwaitRunning(daemon, "config-sync", "mine")["mine"]);
        Assert.Contains("service.args⇥mine⇥sleep⇥1000", daemon.Dump());
        Assert.Contains("fd.state⇥my.file⇥file⇥read⇥/dev/null", daemon.Dump());
    }

    // Appended to the file that is good.
    private static readonly (string Text, string Problem)[] Faults =
    [
        ("=", "Invalid statement (at line 27, column 1)"),
        ("[nonsense]\n", "the file: unknown key 'nonsense'"),
        ("[services.x]\n", "service x: args is missing"),
        ("[services.x]\nargs = [\"\"]\n", "service x: args is missing"),
        ("[services.x]\nargs = \"true\"\n", "service x: args is a list of texts without TABs and line feeds"),
        ("[services.x]\nargs = [\"a\\tb\"]\n", "service x: args is a list of texts without TABs and line feeds"),
        ("[services.\"x y\"]\nargs = [\"true\"]\n", "service 'x y': not a name, or one that is taken"),
        ("[services.x]\nargs = [\"true\"]\nfds = [\"log.x\"]\n", "service x: there is no descriptor 'log.x'"),
        ("[services.x]\nargs = [\"true\"]\nstop = \"SIGNOT\"\n", "service x: stop is a signal such as \"SIGTERM\""),
        ("[services.x]\nargs = [\"true\"]\nstop = []\n", "service x: stop is a signal such as \"SIGTERM\""),
        ("[services.x]\nargs = [\"true\"]\ncolour = 1\n", "service x: unknown key 'colour'"),
        ("[services.x]\nargs = [\"true\"]\nenabled = 1\n", "service x: enabled is true or false"),
        ("[services.x]\nargs = [\"true\"]\ninterval = true\n",
            "service x: interval is a whole number of seconds, at least 1"),
        ("[files.\"log.r\"]\npath = \"x\"\n", "file 'log.r': not a name, or one that is taken"),
        ("[files.x]\n", "file x: path is missing, or no text"),
        ("[files.x]\npath = \"x\"\nflags = \"wet\"\n", "file x: unknown flag 'wet'"),
    ];

    private static bool Ends(string line) => line.EndsWith(" has ended", StringComparison.Ordinal);

    private static void AwaitSaid(Daemon daemon, string text) => daemon.Log.Await(line => line == "-- " + text, text);

    private Daemon StartDaemon()
    {
        Launch launch = new(Binary.Path, "-i", "-c", "config-sync.conf") { Directory = _folder, HasOwnSession = true };
        Daemon daemon = Daemon.Interactive(launch);
        AwaitSaid(daemon, "services.toml: 3 services");
        AwaitSaid(daemon, "web is started");
        return daemon;
    }

    private void Edit(string old, string other)
    {
        string text = File.ReadAllText(Wanted);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(Wanted, text.Replace(old, other, StringComparison.Ordinal));
    }

    private static void Reload(Daemon daemon)
    {
        daemon.Signal(SIGHUP);
        daemon.Log.Await(line => line.StartsWith("-- services.toml: ", StringComparison.Ordinal), "the file is read");
    }

    // Waits until exactly these services are up; their PIDs.
    private static Dictionary<string, int> AwaitRunning(Daemon daemon, params string[] names)
    {
        Dictionary<string, int> running = [];
        string[] dump = [];
        Patience.Until(
            () =>
            {
                dump = [.. daemon.Dump().Where(line => line.StartsWith("service.state⇥", StringComparison.Ordinal))];
                running = dump.Select(line => line.Split('⇥'))
                    .GroupBy(fields => fields[1], (_, states) => states.Last())
                    .Where(fields => fields[2] is "up" or "start")
                    .ToDictionary(
                        fields => fields[1],
                        fields => fields[2] == "up" ? int.Parse(fields[4], CultureInfo.InvariantCulture) : 0);
                return running.Keys.Order().SequenceEqual(names.Order()) && !running.ContainsValue(0);
            },
            $"{string.Join(", ", names)} run",
            () => string.Join('\n', dump) + '\n' + daemon.Log.All);
        return running;
    }

    private void AwaitLogged(string log, string text) => Patience.Until(
        () => File.Exists($"{_folder}/{log}")
            && File.ReadAllText($"{_folder}/{log}").Contains(text, StringComparison.Ordinal),
        $"{text} is in {log}");

    // DATE TIME NAME PID says N, with N from 1 on for each process, in whatever file.
    private void AssertEveryLineIsThere()
    {
        string[] logs = [$"{_folder}/service.log", $"{_folder}/other.log"];
        var runs = logs.Where(File.Exists)
            .SelectMany(File.ReadAllLines)
            .Where(line => !Ends(line))
            .Select(line => line.Split(' '))
            .GroupBy(words => $"{words[2]} {words[3]}", words => words[5]);
        Assert.NotEmpty(runs);
        Assert.All(runs, run => Assert.Equal(Enumerable.Range(1, run.Count()).Select(n => $"{n}"), run));
    }
}
