using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Options;

/// <summary>
/// Each limit of setrlimit(2), lowered before a start, before a crash and before an upgrade: what happens is what the
/// table in docs/RESILIENCE.md says.
/// </summary>
public class ResourceLimitTests
{
    // Without this capability nobody raises a hard limit.
    private static readonly string[] s_unprivileged =
        ["/usr/bin/setpriv", "--bounding-set=-sys_resource", "--inh-caps=-sys_resource"];

    // Of the column of soft limits in /proc/PID/limits.
    private const int SoftWidth = 21;

    /// <summary>Each row for each binary: the limit, which of the two, its value, and what happens.</summary>
    public static TheoryData<string, string, string, string, string[]> Rows()
    {
        TheoryData<string, string, string, string, string[]> rows = [];
        foreach (string[] row in ReadTable())
        {
            rows.Add(Binary.Path, row[0].Trim('`'), row[1], row[2], row[3..]);
            rows.Add(Binary.Static, row[0].Trim('`'), row[1], row[2], row[3..]);
        }

        return rows;
    }

    [Fact]
    public void TheTableHasEveryLimit() => Assert.Equal(
        [
            "AS", "CORE", "CPU", "DATA", "FSIZE", "LOCKS", "MEMLOCK", "MSGQUEUE", "NICE", "NOFILE", "NPROC", "RSS",
            "RTPRIO", "RTTIME", "SIGPENDING", "STACK",
        ],
        ReadTable().Where(row => row[1] == "soft").Select(row => row[0].Trim('`')).Distinct().Order());

    [Theory]
    [MemberData(nameof(Rows))]
    public void EachLimitHasTheEffectOfTheTable(
        string program, string limit, string which, string value, string[] outcomes)
    {
        string word = $"--{limit.ToLowerInvariant()}={Bytes(value)}{(which == "soft" ? ":" : string.Empty)}";
        string[] happened = [Start(program, word), Crash(program, word), Upgrade(program, word)];
        Assert.Equal(outcomes.Select(outcome => outcome.Trim('`')), happened);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnUpgradeThatWouldLackMemoryIsRefusedAtEachLimit(bool isStatic)
    {
        const int Steps = 4;
        string program = isStatic ? Binary.Static : Binary.Path;
        string[] reached = [.. Enumerable.Range(20 * Steps, (10 * Steps) + 1)
            .Select(step => Upgrade(program, $"--data={(long)step * (1 << 20) / Steps}"))];
        Assert.Equal(["RLIMIT_AS or RLIMIT_DATA is too low", "upgrades"], reached.Distinct());
    }

    [Fact]
    public void TheDaemonHasMoreOpenFilesAndServicesAndSuccessorsHaveWhatWasGiven()
    {
        using Scratch scratch = new();
        string shows = $"/bin/sh⇥-c⇥echo $(ulimit -Sn) $(ulimit -Hn) >>{scratch["seen"]}";
        using Daemon daemon = Daemon.Interactive(
            new Launch("/usr/bin/prlimit", "--nofile=700:3000", Binary.Path, "-i", "--debug-crash"));
        Assert.Contains(Limits(daemon), line => line.StartsWith("Max open files", StringComparison.Ordinal)
            && line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3] == "3000");
        daemon.Send($"service.args⇥a⇥{shows}", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        daemon.Send("reexec⇥-");
        daemon.Sync();
        daemon.Send("service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        daemon.Send("service.limits⇥b⇥nofile=50:60", $"service.args⇥b⇥{shows}", "service.start⇥b");
        daemon.Await("service.state⇥b⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        daemon.Send($"terminate.exec_args⇥{shows}", "terminate⇥0");
        daemon.AwaitExit();

        Assert.Equal(["50 60", "700 3000", "700 3000", "700 3000"], File.ReadAllLines(scratch["seen"]).Order());
    }

    [Fact]
    public void ALimitOfOpenFilesThatIsLoweredKeepsNobodyOut()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive(new Launch(Binary.Path, "-i", "-S", scratch["control"]));
        Lower(daemon, "--nofile=0:");
        using Connection other = Connection.To(scratch["control"]);
        Assert.Equal(["service.args⇥a⇥/bin/true"], other.Ask("service.args⇥a⇥/bin/true"));
        Lower(daemon, "--nofile=0:");
        other.Send("service.start⇥a");
        other.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥**");
        Lower(daemon, "--nofile=0:");
        Assert.Equal(2, other.Ask("fd.pipe⇥reader⇥writer").Length);
    }

    private static string Start(string program, string word)
    {
        using Daemon daemon = Daemon.Start(
            new Launch([.. s_unprivileged, "/usr/bin/prlimit", word, program, "-i"]));
        return IsAnswered(daemon) ? "starts" : LastWords(daemon);
    }

    private static string Crash(string program, string word)
    {
        using Daemon daemon = Daemon.Interactive(new Launch([.. s_unprivileged, program, "-i", "--debug-crash"]));
        string[] limits = Lower(daemon, word);
        daemon.Send("debug.crash⇥wild");
        if (!IsAnswered(daemon))
        {
            return LastWords(daemon);
        }

        Assert.Equal(WithOpenFilesRaised(limits), Limits(daemon));
        return daemon.Counters()["crashes"] == 1 ? "resumes" : "no crash";
    }

    private static string Upgrade(string program, string word)
    {
        using Daemon daemon = Daemon.Interactive(new Launch([.. s_unprivileged, program, "-i"]));
        string[] limits = Lower(daemon, word);
        string[] told = daemon.Ask("reexec⇥-");
        Assert.Equal(told.Length == 0 ? WithOpenFilesRaised(limits) : limits, Limits(daemon));
        return told.Length > 0 ? told[0].Split('⇥', ',')[1].Replace("cannot be replaced: ", string.Empty)
            : daemon.Counters()["reexecs"] == 1 ? "upgrades" : "no upgrade";
    }

    // The limits as they are afterwards.
    private static string[] Lower(Daemon daemon, string word)
    {
        using ChildProcess child = new Launch("/usr/bin/prlimit", $"--pid={daemon.Pid}", word).Start();
        Assert.Equal(0, child.AwaitExit().Code);
        return Limits(daemon);
    }

    private static string[] Limits(Daemon daemon) => File.ReadAllLines($"/proc/{daemon.Pid}/limits");

    // Only the soft limit of open files is raised again, to the hard one.
    private static IEnumerable<string> WithOpenFilesRaised(string[] limits) => limits.Select(
        line => Regex.Replace(line, @"^(Max open files +)\d+ +(\d+) ", match => match.Groups[1].Value
            + match.Groups[2].Value.PadRight(SoftWidth) + match.Groups[2].Value + " "));

    private static bool IsAnswered(Daemon daemon)
    {
        daemon.Send("echo⇥here");
        Patience.Until(
            () => daemon.HasEnded || daemon.Output.All.Split('\n').Contains("here"), "there is an answer or an end");
        return !daemon.HasEnded;
    }

    // One sentence.
    private static string LastWords(Daemon daemon)
    {
        Assert.NotEqual(0, daemon.AwaitExit().Status);
        return Assert.Single(daemon.Log.AwaitEnd(), line => line.StartsWith("fatal: ", StringComparison.Ordinal))[7..];
    }

    private static long Bytes(string value)
    {
        string[] words = value.Split(' ');
        int shift = words.Length == 1 ? 0 : words[1] switch { "kB" => 10, "MB" => 20, _ => 0 };
        return long.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture) << shift;
    }

    private static IEnumerable<string[]> ReadTable() => Document.Rows("## Limits of resources", "| `");
}
