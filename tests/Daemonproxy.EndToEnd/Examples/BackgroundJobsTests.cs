using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Examples;

/// <summary>The example with a library and a script for background jobs.</summary>
public sealed class BackgroundJobsTests : IDisposable
{
    private const int NotDone = 2;
    private const int TimeIsOver = 124;
    private const int NotExecutable = 126;
    private const int NotFound = 127;
    private const int Killed = 128;

    private readonly Scratch _scratch = new();
    private readonly string _folder;

    public BackgroundJobsTests() => _folder = ExampleFolder.Copy("background-jobs", _scratch["."]);

    public void Dispose() => _scratch.Dispose();

    [PythonFact]
    public void AJobIsStartedTaggedWatchedAskedForAndForgotten()
    {
        using Daemon daemon = StartDaemon();
        AwaitCode(0, Run("mkfifo", "go"));
        string name = Ask(0, "start", "-t", "user=1", "-o", "said", "--", "sh", "-c", "echo hi; read x <go; exit 7");
        using Daemon watch = StartJob("watch", name);
        Assert.Matches($"^{name}  running as [0-9]+  sh -c .*  #user=1$", watch.Output.Await(_ => true, "it runs"));
        Assert.StartsWith($"{name}  running as ", Ask(0, "list", "-t", "user=1"), StringComparison.Ordinal);
        Assert.Equal(string.Empty, Ask(0, "list", "-t", "user=2"));
        Ask(0, "tag", name, "user=2", "red");
        watch.Output.Await(line => line.EndsWith("  #user=2  #red", StringComparison.Ordinal), "its new tags");
        Refuse("service is running", "forget", name);
        File.WriteAllText(_folder + "/go", "\n");
        Assert.StartsWith($"{name}  exit code 7  ", Ask(7, "wait", name), StringComparison.Ordinal);
        Assert.StartsWith($"{name}  exit code 7  ", watch.AwaitOutputEnd()[^1], StringComparison.Ordinal);
        Assert.Equal(new ExitStatus(0), watch.AwaitExit());
        Assert.Equal("hi\n", File.ReadAllText(_folder + "/said"));
        Ask(0, "forget", "--over");
        Refuse($"there is no job {name}", "wait", name);
        Assert.DoesNotContain(daemon.Dump(), line => line.Contains("⇥job.", StringComparison.Ordinal));
    }

    [PythonFact]
    public void TheScriptEndsWithTheExitCodeOfTheJob()
    {
        using Daemon daemon = StartDaemon();
        Ask(0, "start", "-w", "true");
        Ask(3, "start", "-w", "--", "sh", "-c", "exit 3");
        string missing = Ask(NotFound, "start", "-w", "/no/such/program");
        Assert.Equal(
            $"{missing}  not executed, execute: ENOENT /no/such/program  /no/such/program",
            Ask(NotFound, "wait", missing));
        Ask(NotExecutable, "start", "-w", "/etc/passwd");
        Ask(Killed + SIGKILL, "start", "-w", "--", "sh", "-c", "kill -KILL $$");
        string name = Ask(0, "start", "sleep", "1000");
        Ask(TimeIsOver, "wait", "-s", "0.1", name);
        Refuse("Invalid signal argument", "stop", "-s", "NOISE", name);
        Ask(0, "stop", name);
        Ask(Killed + SIGTERM, "wait", name);
        Ask(0, "stop", name);
        string odd = "a\tb\n" + new string('x', 5000);
        Ask(0, "start", "-w", "-o", "odd", "--", "printf", "%s", odd);
        Assert.Equal(odd, File.ReadAllText(_folder + "/odd"));
        Refuse("args: 200005 bytes, and the daemon reads 131072", "start", "echo", new string('x', 99_999),
            new string('y', 99_999));
        Assert.Equal(7, Ask(0, "list").Split('\n').Length);
        daemon.Send("terminate⇥0");
        Assert.Equal(new ExitStatus(0), daemon.AwaitExit());
        Refuse("There is no socket control.socket: the daemon does not run, or it listens elsewhere.", "list");
    }

    [PythonFact]
    public void ManyStartAtOnceAndEachGetsItsOwn()
    {
        const int Clients = 8;
        using Daemon daemon = StartDaemon();
        Daemon[] clients = [.. Enumerable.Range(0, Clients).Select(
            n => StartJob("start", "-w", "-o", $"said{n}", "--", "sh", "-c", $"echo {n}; exit {n}"))];
        for (int n = 0; n < Clients; n++)
        {
            AwaitCode(n, clients[n]);
            Assert.Equal($"{n}\n", File.ReadAllText($"{_folder}/said{n}"));
        }

        Assert.Equal(Clients, Ask(0, "list").Split('\n').Length);
        Assert.DoesNotContain(daemon.Dump(), line => line.StartsWith("fd.state⇥job.", StringComparison.Ordinal));
    }

    [PythonFact]
    public void AJobOutlivesWhoStartedItAndACrashOfTheDaemon()
    {
        using Daemon daemon = StartDaemon();
        Daemon starter = StartJob("start", "-w", "-t", "long", "sleep", "1000");
        string name = starter.Output.Await(_ => true, "a name");
        starter.Dispose();
        using Daemon watch = StartJob("watch", name);
        watch.Output.Await(line => line.Contains("running as", StringComparison.Ordinal), "it runs");
        daemon.Signal(SIGSEGV);
        daemon.Await("overflow");
        Assert.StartsWith($"{name}  running as ", Ask(0, "list", "-t", "long"), StringComparison.Ordinal);
        Ask(0, "stop", "-s", "KILL", name);
        Assert.StartsWith($"{name}  killed by SIGKILL  ", watch.AwaitOutputEnd()[^1], StringComparison.Ordinal);
    }

    [PythonFact]
    public void AWatcherThatIsTooSlowSeesTheEnd()
    {
        const int Changes = 10_000;
        using Daemon daemon = StartDaemon();
        string name = Ask(0, "start", "sleep", "1000");
        using Daemon watch = StartJob("watch", name);
        watch.Output.Await(line => line.Contains("running as", StringComparison.Ordinal), "it runs");
        watch.Signal(SIGSTOP);
        long overflows = daemon.Counters()["overflows"];
        for (int change = 0; change < Changes && daemon.Counters()["overflows"] == overflows; change += 100)
        {
            daemon.Ask([.. Enumerable.Range(change, 100).Select(n => $"service.tags⇥{name}⇥change={n}")]);
        }

        Assert.Equal(overflows + 1, daemon.Counters()["overflows"]);
        daemon.Ask($"service.signal⇥{name}⇥KILL", $"service.tags⇥{name}⇥the-last");
        watch.Signal(SIGCONT);
        string last = watch.AwaitOutputEnd()[^1];
        Assert.Equal($"{name}  killed by SIGKILL  sleep 1000  #the-last", last);
        Assert.Equal(new ExitStatus(0), watch.AwaitExit());
    }

    [PythonFact]
    public void TheLibraryIsUsedAsItsReadmeSays()
    {
        using Daemon daemon = StartDaemon();
        string[] lines = File.ReadAllLines(_folder + "/README.md");
        int start = Array.IndexOf(lines, "    from jobs import Jobs");
        int end = Array.FindIndex(lines, start, line => line is not ("" or [' ', ' ', ' ', ' ', ..]));
        File.WriteAllLines(_folder + "/mine.py", lines[start..end].Select(line => line.Length == 0 ? line : line[4..]));
        Assert.Equal("7", AwaitCode(0, Run("python3", "mine.py")));
        Assert.Equal(string.Empty, Ask(0, "list"));
    }

    [PythonFact]
    public void ADaemonWithoutAPlaceIsNotWaitedForWithoutEnd()
    {
        using Daemon daemon = Daemon.Interactive("-S", _folder + "/full.socket", "--controllers", "1");
        File.WriteAllText(_folder + "/mine.py", """
            import jobs
            try:
                jobs.Jobs("full.socket", timeout=0.1)
            except jobs.Busy as problem:
                print(problem)
            """);
        string said = AwaitCode(0, Run("python3", "mine.py"));
        Assert.Equal("the daemon at full.socket has no place for another controller", said);
    }

    [PythonFact]
    public void SigtermEndsTheDaemon()
    {
        using Daemon daemon = StartDaemon();
        daemon.Signal(SIGTERM);
        Assert.Equal(new ExitStatus(0), daemon.AwaitExit());
    }

    private Daemon StartDaemon()
    {
        Launch launch = new(Binary.Path, "-i", "-c", "background-jobs.conf") { Directory = _folder };
        Daemon daemon = Daemon.Interactive(launch);
        Patience.Until(() => File.Exists(_folder + "/control.socket"), "the socket is there");
        return daemon;
    }

    private Daemon Run(params string[] command)
    {
        string client = Path.Combine(ExampleFolder.Root(), "clients", "python", "src");
        Launch launch = new(["/usr/bin/env", "PYTHONDONTWRITEBYTECODE=1", $"PYTHONPATH={client}", .. command])
        {
            Directory = _folder,
        };
        return Daemon.Start(launch);
    }

    private Daemon StartJob(params string[] words) => Run(["./job", .. words]);

    // Runs the script; what it says, without the last line feed.
    private string Ask(int code, params string[] words) => AwaitCode(code, StartJob(words));

    private static string AwaitCode(int code, Daemon program)
    {
        using (program)
        {
            string said = string.Join('\n', program.AwaitOutputEnd());
            ExitStatus status = program.AwaitExit();
            Assert.True(status == new ExitStatus(code << 8), $"{status}\n{said}\n{program.Log.All}");
            return said;
        }
    }

    private void Refuse(string why, params string[] words)
    {
        using Daemon job = StartJob(words);
        Assert.Equal(new ExitStatus(NotDone << 8), job.AwaitExit());
        Assert.Equal($"job: {why}", job.Log.AwaitEnd().Single());
    }
}
