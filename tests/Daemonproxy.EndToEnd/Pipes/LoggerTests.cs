using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Examples;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Pipes;

/// <summary>A pipe between a service and its logger, held by the daemon, outlives both.</summary>
public class LoggerTests
{
    [Fact]
    public void NoByteIsLostWhenTheLoggerRestarts()
    {
        // Twenty loggers, one after the other, each of which takes a part and ends while the writer goes on.
        const int Loggers = 20;
        const int Takes = 997;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();

        // The shell reads a pipe byte by byte: it never takes more than the lines that it writes.
        string logger = scratch.Script(
            "logger", $"n=0\nwhile [ $n -lt {Takes} ] && read -r line; do echo \"$line\"; n=$((n+1)); done");
        string writer = scratch.Script(
            "writer", $"n=0\nwhile [ $n -lt {Loggers * Takes} ]; do echo $n; n=$((n+1)); done");
        Connect(daemon, scratch, writer, logger);
        daemon.Send("service.start⇥writer");
        for (int run = 0; run < Loggers; run++)
        {
            // Started again by hand: the shortest interval of auto_up is a second.
            daemon.Send("service.start⇥logger");
            daemon.Await("service.state⇥logger⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        }

        Assert.Equal(Enumerable.Range(0, Loggers * Takes).Select(n => $"{n}"), File.ReadLines(scratch["log"]));
    }

    [Fact]
    public void TheLoggerOfTheExampleTriesALineAgainUntilThereIsRoom()
    {
        // Like a full disk, without one: the file cannot have more than one block, and a write beyond it fails.
        const int Block = 512;
        const int Lines = 40;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string logger = Path.Combine(ExampleFolder.Root(), "examples", "nginx", "logger.sh");
        string limited = scratch.Script("limited", $"trap '' XFSZ; ulimit -f 1; exec sh {logger}");
        string writer = scratch.Script("writer", $"n=0; while [ $n -lt {Lines} ]; do echo line $n; n=$((n+1)); done");
        Connect(daemon, scratch, writer, limited);
        daemon.Send("service.start⇥logger", "service.start⇥writer");
        string all = string.Empty;
        while (!IsLast(all))
        {
            Patience.Until(() => IsFull() || IsLast(ReadLog()), "a full file, or the last line");
            all += ReadLog();
            File.WriteAllText(scratch["log"], string.Empty);
        }

        Assert.Equal(
            Enumerable.Range(0, Lines).Select(n => $"line {n}"),
            all.Split('\n')[..^1].Select(line => line[line.LastIndexOf("line", StringComparison.Ordinal)..]));

        static bool IsLast(string text) => text.EndsWith($"line {Lines - 1}\n", StringComparison.Ordinal);

        bool IsFull() => File.Exists(scratch["log"]) && new FileInfo(scratch["log"]).Length == Block;

        string ReadLog() => File.Exists(scratch["log"]) ? File.ReadAllText(scratch["log"]) : string.Empty;
    }

    [Fact]
    public void NoByteIsLostWhenTheWriterIsKilled()
    {
        const int Kills = 5;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string writer = scratch.Script("writer", "n=0\nwhile :; do echo $$ $n; n=$((n+1)); done");
        Connect(daemon, scratch, writer, "/bin/cat");
        daemon.Send("service.start⇥logger");
        daemon.AwaitUp("logger");
        string[] writers = new string[Kills];
        for (int round = 0; round < Kills; round++)
        {
            daemon.Send("service.start⇥writer");
            int pid = daemon.AwaitUp("writer");
            writers[round] = $"{pid} ";
            AwaitText(scratch["log"], $"{pid} 100\n");
            _ = kill(pid, SIGKILL);
            daemon.Await($"service.state⇥writer⇥down⇥*⇥{pid}⇥signal⇥SIGKILL⇥*⇥*");
        }

        daemon.Send("service.args⇥writer⇥/bin/echo⇥the end", "service.start⇥writer");
        AwaitText(scratch["log"], "the end\n");
        string[] lines = File.ReadAllLines(scratch["log"]);
        foreach (string writerMark in writers)
        {
            string[] own = [.. lines.Where(line => line.StartsWith(writerMark, StringComparison.Ordinal))];
            Assert.Equal(Enumerable.Range(0, own.Length).Select(n => writerMark + n), own);
        }

        Assert.Equal("the end", lines[^1]);
        Assert.All(
            lines[..^1],
            line => Assert.Contains(writers, mark => line.StartsWith(mark, StringComparison.Ordinal)));
    }

    [Fact]
    public void LinesWaitForALoggerThatWasKilled()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        Connect(daemon, scratch, scratch.Script("writer", "echo first"), "/bin/cat");
        daemon.Send("service.auto_up⇥logger⇥1⇥always");
        int logger = daemon.AwaitUp("logger");
        daemon.Send("service.start⇥writer");
        daemon.Await("service.state⇥writer⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        AwaitText(scratch["log"], "first\n");
        _ = kill(logger, SIGKILL);
        daemon.Await($"service.state⇥logger⇥down⇥*⇥{logger}⇥signal⇥SIGKILL⇥*⇥*");
        daemon.Send("service.args⇥writer⇥/bin/echo⇥second", "service.start⇥writer");
        daemon.AwaitUp("logger");
        AwaitText(scratch["log"], "first\nsecond\n");
        Assert.Equal("first\nsecond\n", File.ReadAllText(scratch["log"]));
    }

    [Fact]
    public void TheLoggerSeesTheEndWhenTheWritingEndIsDeleted()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        Connect(daemon, scratch, scratch.Script("writer", "echo last"), "/bin/cat");
        daemon.Send("service.start⇥logger", "service.start⇥writer");
        daemon.Await("service.state⇥writer⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        daemon.Send("fd.delete⇥w");
        daemon.Await("fd.state⇥w⇥deleted");
        daemon.Await("service.state⇥logger⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        Assert.Equal("last\n", File.ReadAllText(scratch["log"]));
        Assert.Contains("fd.state⇥r⇥pipe⇥from⇥?", daemon.Dump());
    }

    private static void Connect(Daemon daemon, Scratch scratch, string writer, string logger)
    {
        daemon.Send(
            "fd.pipe⇥r⇥w",
            $"fd.open⇥log⇥write,append,create⇥{scratch["log"]}",
            $"service.args⇥writer⇥{writer}",
            "service.fds⇥writer⇥null⇥w⇥stderr",
            $"service.args⇥logger⇥{logger}",
            "service.fds⇥logger⇥r⇥log⇥stderr");
        string[] answers = [.. daemon.Sync()];
        Assert.DoesNotContain(answers, line => line.StartsWith("error", StringComparison.Ordinal));
        Assert.True(File.Exists(scratch["log"]));
    }

    private static void AwaitText(string file, string text) =>
        Patience.Until(() => File.ReadAllText(file).Contains(text, StringComparison.Ordinal), $"{file} has {text}");
}
