using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Economy;

/// <summary>
/// Code and constants that the daemon gives back when it has nothing to do: they are in no memory then, they come back
/// when they are needed, and nothing among them had been written.
/// </summary>
public class GivenBackTests
{
    /// <summary>Three pages that stay, and the few that the end of the program's headers shares with others.</summary>
    private const int MostKept = 48;

    public static TheoryData<string> Programs => [Binary.Static, Binary.Path];

    [Theory]
    [MemberData(nameof(Programs))]
    public void TheDaemonWorksAsBefore(string program)
    {
        using Daemon daemon = Daemon.Interactive(new Launch([program, "-i"]));
        daemon.Send("service.tags⇥a⇥tag", "service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        string[] before = Lasting(daemon);
        AwaitGivenBack(daemon, program);
        daemon.Send(Mixture.Lines);
        daemon.Sync();
        AwaitGivenBack(daemon, program);
        daemon.Signal(SIGSEGV);
        daemon.Await("overflow");
        AwaitGivenBack(daemon, program);
        Assert.Equal(before, Lasting(daemon));
        AwaitGivenBack(daemon, program);
        daemon.Ask("reexec⇥-");
        Assert.Equal(1, daemon.Counters()["reexecs"]);
        AwaitGivenBack(daemon, program);
        _ = kill(service, SIGKILL);
        daemon.Await($"service.state⇥a⇥down⇥*⇥{service}⇥signal⇥SIGKILL⇥*⇥*");
        Assert.Equal(0, daemon.Counters()["gc.allocated"]);
    }

    // Looked at before anything is given back: a written page would be lost then, and nothing would tell.
    [Theory]
    [MemberData(nameof(Programs))]
    public void OfConstantsOnlyThePageOfTheStackCookieIsWritten(string program)
    {
        long[] written = [];
        Patience.Until(
            () =>
            {
                using Daemon daemon = Daemon.Interactive(new Launch([program, "-i"]));
                daemon.Signal(SIGSTOP);
                Patience.Until(() => Proc.Status(daemon.Pid, "State") is ['T', ..], "it is stopped");
                written = [.. Constants(daemon.Pid).Select(mapping => mapping.Anonymous).Where(kb => kb > 0)];
                bool isComplete = Proc.Mapped(daemon.Pid, program, "Rss", "r-xp") > MostKept;
                daemon.Signal(SIGCONT);
                return isComplete;
            },
            "it is stopped before it gives anything back");
        Assert.Equal([Environment.SystemPageSize / 1024], written);
    }

    private static string[] Lasting(Daemon daemon) =>
        [.. daemon.Dump().Where(line => !line.StartsWith("service.state", StringComparison.Ordinal))];

    private static void AwaitGivenBack(Daemon daemon, string program) =>
        Patience.Until(
            () => Constants(daemon.Pid).Where(mapping => mapping.File == program).Sum(mapping => mapping.Resident)
                <= MostKept,
            "code and constants are given back",
            () => File.ReadAllText($"/proc/{daemon.Pid}/smaps"));

    // The mappings of files that cannot be written, but for relocated data (RELRO), which the loader protects in the
    // end: they lie directly before those that can be written.
    private static IEnumerable<Mapping> Constants(int pid)
    {
        Mapping? last = null;
        foreach (Mapping mapping in Mappings(pid))
        {
            bool isBeforeData = mapping.File == last?.File && mapping.Permissions[1] == 'w';
            if (last is not null && !isBeforeData)
            {
                yield return last;
            }

            last = mapping.Permissions[1] == '-' && mapping.File.StartsWith('/') ? mapping : null;
        }
    }

    private static IEnumerable<Mapping> Mappings(int pid)
    {
        Mapping? mapping = null;
        foreach (string line in File.ReadAllLines($"/proc/{pid}/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!words[0].EndsWith(':'))
            {
                mapping = new Mapping(words[1], words.Length > 5 ? words[5] : string.Empty);
            }
            else if (words[0] == "Rss:")
            {
                mapping!.Resident = long.Parse(words[1], CultureInfo.InvariantCulture);
            }
            else if (words[0] == "Anonymous:")
            {
                mapping!.Anonymous = long.Parse(words[1], CultureInfo.InvariantCulture);
                yield return mapping;
            }
        }
    }

    private sealed record Mapping(string Permissions, string File)
    {
        public long Resident { get; set; }

        public long Anonymous { get; set; }
    }
}
