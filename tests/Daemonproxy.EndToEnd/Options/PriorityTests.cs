using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Options;

/// <summary>The daemon's nice value while starts are due, and that of its services (decision 63).</summary>
public class PriorityTests
{
    // As many as take longer than one turn, whatever the number of processors.
    private const int Services = 100;

    // Fields of /proc/PID/stat behind the name in parentheses, proc_pid_stat(5).
    private const int NiceField = 16;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheDaemonHasMoreWeightOnlyWhileStartsAreDue(bool isStatic)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive(
            new Launch(isStatic ? Binary.Static : Binary.Path, "-i", "--debug-crash"));
        string[] expected = Environment.ProcessorCount > 1 ? ["-3 0", "0 0"] : ["0 0"];
        Assert.Equal(expected, Burst(daemon, scratch));
        daemon.Send([.. Enumerable.Range(0, Services).Select(static at => $"service.start⇥s{at}"), "debug.crash⇥wild"]);
        daemon.Await("overflow");
        Patience.Until(() => NiceOf(daemon.Pid) == "0", "it is taken back");
        daemon.Send($"terminate.exec_args⇥/bin/sh⇥-c⇥nice >{scratch["last"]}");
        daemon.Send([.. Enumerable.Range(0, Services).Select(static at => $"service.start⇥s{at}"), "terminate⇥0"]);
        daemon.AwaitExit();
        Assert.Equal("0\n", File.ReadAllText(scratch["last"]));
    }

    [Fact]
    public void ADaemonWithANiceValueKeepsItAndSoDoItsServices()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive(new Launch("/usr/bin/nice", "-n", "5", Binary.Path, "-i"));
        Assert.Equal(["5 5"], Burst(daemon, scratch));
    }

    [Fact]
    public void WhereItIsNotPermittedAllStaysAsItIs()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive(new Launch(
            "/usr/bin/setpriv", "--bounding-set=-sys_nice", "--inh-caps=-sys_nice", Binary.Path, "-i"));
        Assert.Equal(["0 0"], Burst(daemon, scratch));
    }

    // What services see: the daemon's value and their own. The one that is started afterwards sees the daemon at rest.
    private static string[] Burst(Daemon daemon, Scratch scratch)
    {
        string shows = "/bin/sh⇥-c⇥read line </proc/$PPID/stat; set -- ${line##*) }; echo ${17} $(nice) >>"
            + scratch["seen"];
        string[] names = [.. Enumerable.Range(0, Services).Select(static at => $"s{at}")];
        daemon.Send([.. names.Select(name => $"service.args⇥{name}⇥{shows}")]);
        daemon.Send([.. names.Select(static name => $"service.start⇥{name}")]);
        Patience.Until(() => daemon.Counters()["reaps.services"] == Services, "all have ended");
        string own = NiceOf(daemon.Pid);
        daemon.Send("service.start⇥s0");
        Patience.Until(() => daemon.Counters()["reaps.services"] == Services + 1, "it has ended");
        string[] seen = File.ReadAllLines(scratch["seen"]);
        Assert.Equal(Services + 1, seen.Length);
        Assert.StartsWith(own + ' ', seen[^1], StringComparison.Ordinal);
        return [.. seen.Distinct().Order(StringComparer.Ordinal)];
    }

    private static string NiceOf(int pid)
    {
        string text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        return text[(text.LastIndexOf(')') + 2)..].Split(' ').ElementAt(NiceField);
    }
}
