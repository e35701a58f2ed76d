using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Signals;

/// <summary>
/// Each signal, sent to a daemon of each kind: what it does is what the table in docs/RESILIENCE.md says.
/// </summary>
public class SignalMatrixTests
{
    private const int Highest = 64;
    private const string LastEvent = "error\tUnknown command: nonsense";
    private const string LastLine = "error: controller[0] sent unknown command nonsense";

    private static readonly string[] s_names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS",
    ];

    [Fact]
    public void TheTableHasEverySignalOnce() => Assert.Equal(
        Enumerable.Range(1, Highest), ReadTable().SelectMany(row => SignalsOf(row[0])).Order());

    [Fact]
    public void ADaemonThatIsNotGuarded() => SendAll(1, () => Daemon.Interactive("-v", "-v"));

    [Fact]
    public void AGuardedDaemon() => SendAll(2, () => Daemon.Interactive("-v", "-v", "--exit-guard", "5"));

    [PidNamespaceFact]
    public void ProcessOne() => SendAll(3, () =>
    {
        Daemon daemon = Daemon.Interactive(new Launch(Binary.Path, "-i", "-v", "-v").Under(
            "/usr/bin/unshare", "--pid", "--fork", "--mount-proc", "--kill-child=KILL"));
        daemon.IsChild();
        return daemon;
    });

    [Fact]
    public void ADaemonWithAProgramToExecute() =>
        SendAll(4, () => Daemon.Interactive("-v", "-v", "--exit-guard", "5", "-E", "sleep⇥1000"));

    private static void SendAll(int column, Func<Daemon> start)
    {
        List<string> wrong = [];
        foreach (string[] row in ReadTable())
        {
            foreach (int signal in SignalsOf(row[0]))
            {
                using Daemon daemon = start();
                string outcome = Send(daemon, signal, isFromInside: column == 3);
                if (outcome != row[column])
                {
                    wrong.Add($"signal {signal}: {outcome}, and the table says: {row[column]}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    // A signal from outside of its PID namespace ends even process 1, so that one is sent by a service.
    private static string Send(Daemon daemon, int signal, bool isFromInside)
    {
        bool isForced = signal == SIGKILL || signal == SIGSTOP;
        if (isFromInside && isForced)
        {
            daemon.Send($"service.args⇥k⇥/bin/sh⇥-c⇥kill -{signal} 1", "service.start⇥k");
            daemon.Await("service.state⇥k⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        }
        else
        {
            daemon.Signal(signal);
        }

        // Twice: what a turn does at its end is seen in the next one.
        return Observe(daemon, signal, rounds: 1) ?? Observe(daemon, signal, rounds: 2)!;
    }

    private static string? Observe(Daemon daemon, int signal, int rounds)
    {
        daemon.Send("nonsense");
        bool isStopped = false;
        bool isReplaced = false;
        Patience.Until(
            () => daemon.HasEnded
                || (isStopped = Proc.Status(daemon.Pid, "State") is ['T', ..])
                || (isReplaced = Proc.Status(daemon.Pid, "Name") == "sleep")
                || (Count(daemon.Log, LastLine) >= rounds && Count(daemon.Output, LastEvent) >= rounds),
            "there is an outcome");
        string[] heard = daemon.Output.All.Split('\n');
        string[] log = daemon.Log.All.Split('\n');
        string? outcome = daemon.HasEnded ? "the end"
            : isStopped ? "stopped until CONT"
            : isReplaced ? "the program is executed"
            : heard.Contains("overflow") ? "survived"
            : heard.Any(line => line.StartsWith("signal\t", StringComparison.Ordinal)) ? "announced"
            : log.Any(line => line.StartsWith("debug: dropped ", StringComparison.Ordinal)) ? "dropped"
            : rounds == 2 ? "nothing" : null;
        if (isStopped)
        {
            daemon.Signal(SIGCONT);
            Assert.Equal(["here"], daemon.Ask("echo⇥here").TakeLast(1));
        }

        return outcome;
    }

    private static int Count(LineStream stream, string wanted) => stream.All.Split('\n').Count(line => line == wanted);

    // "INT HUP, SIGRTMIN+1 to SIGRTMIN+15, 63".
    private static IEnumerable<int> SignalsOf(string cell)
    {
        foreach (string part in cell.Split(", "))
        {
            string[] ends = part.Split(" to ");
            if (ends.Length == 2)
            {
                foreach (int number in Enumerable.Range(NumberOf(ends[0]), NumberOf(ends[1]) - NumberOf(ends[0]) + 1))
                {
                    yield return number;
                }

                continue;
            }

            foreach (string word in part.Split(' '))
            {
                yield return NumberOf(word);
            }
        }
    }

    private static int NumberOf(string word)
    {
        const string RealTime = "SIGRTMIN+";
        const int First = 34;
        return word.StartsWith(RealTime, StringComparison.Ordinal)
            ? First + int.Parse(word[RealTime.Length..], CultureInfo.InvariantCulture)
            : int.TryParse(word, out int number) ? number
            : Array.IndexOf(s_names, word) is > 0 and int named ? named
            : throw new TestFailure($"no signal is called {word}", string.Empty);
    }

    private static IEnumerable<string[]> ReadTable() => Document.Rows("## Signals from outside", "| ");
}
