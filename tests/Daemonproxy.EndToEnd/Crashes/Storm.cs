using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Crashes;

/// <summary>
/// A daemon with 50 services, some of which end and come back all the time, with three controllers, with pipes that are
/// full and pipes that are moving; and crashes.
/// </summary>
internal sealed class Storm : IDisposable
{
    private const int Steady = 40;
    private const int Restless = 10;

    // More lines of the writer to the full pipe than a pipe holds.
    private const int Drained = 100_000;

    // As many as the daemon survives, `limit crashes` within `limit crash-window`, with something in reserve: a crash
    // at a point of the next resume counts, too.
    private const int MostPerWindow = 5;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10.5);
    private static readonly int[] _signals = [SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE];
    private static readonly string[] _kinds = ["wild", "null", "overflow", "throw", "assert"];

    private static readonly string[] _points =
    [
        "line-noted", "line-taken", "line-run", "inbox-filled", "inbox-moved", "outbox-moved", "outbox-written",
        "write-piece", "service-change", "fd-change", "controller-change", "launched", "launch-told", "reaped",
        "reaped-told", "text-written", "text-named", "text-moved", "fd-made", "fd-named", "accepted", "signal-noted",
        "dump", "log-piece", "reexec-asked", "handler", "resume-begun", "resume-checked", "resume-answered",
    ];

    private readonly Scratch _scratch = new();
    private readonly Random _random;
    private readonly bool _isChild;
    private readonly Daemon _daemon;
    private readonly List<Connection> _others = [];
    private readonly Dictionary<string, string> _steady = [];
    private readonly Queue<long> _crashed = new();
    private int _descriptors;

    public Storm(Launch launch, bool isChild, int seed)
    {
        _random = new Random(seed);
        _isChild = isChild;
        _daemon = Daemon.Start(launch);
    }

    public void Rage(int crashes)
    {
        _daemon.Sync();
        if (_isChild)
        {
            _daemon.IsChild();
        }

        Populate();
        for (int crash = 0; crash < crashes; crash++)
        {
            Pace();
            Crash();
            Trouble();
            Hear();
        }

        Disarm();
        CheckServices();
        CheckExits();
        CheckPipes();
        CheckControllers();
        Assert.InRange(_daemon.Counters()["crashes"], crashes / 2, 2 * crashes);
        Assert.Equal(0, _daemon.Counters()["gc.allocated"]);
    }

    public void Dispose()
    {
        _others.ForEach(other => other.Dispose());
        _daemon.Dispose();
        _scratch.Dispose();
    }

    private void Populate()
    {
        _daemon.Send($"socket.create⇥-⇥{_scratch["socket"]}", "fd.pipe⇥moving.r⇥moving.w", "fd.pipe⇥full.r⇥full.w");
        for (int n = 0; n < Steady; n++)
        {
            _daemon.Send($"service.args⇥steady{n}⇥/bin/sleep⇥10000", $"service.start⇥steady{n}");
        }

        // Each run leaves its number, then ends with a code made of it.
        string run = _scratch.Script("run", $"echo $$ >>{_scratch["runs"]}; exit $(($$ % 200))");
        string count = _scratch.Script(
            "count", "n=0; while :; do echo $n; n=$((n+1)); [ $((n%500)) = 0 ] && sleep 0.1; done");
        _daemon.Send(
            $"fd.open⇥out⇥write,create,append⇥{_scratch["out"]}",
            $"service.args⇥source⇥{count}", "service.fds⇥source⇥null⇥moving.w⇥null", "service.start⇥source",
            "service.args⇥sink⇥/bin/cat", "service.fds⇥sink⇥moving.r⇥out⇥null", "service.start⇥sink",
            "service.args⇥filler⇥/usr/bin/yes", "service.fds⇥filler⇥null⇥full.w⇥null", "service.start⇥filler",
            "service.args⇥keeper⇥/bin/cat", "service.fds⇥keeper⇥control.socket⇥null⇥null", "service.start⇥keeper");
        for (int n = 0; n < Restless; n++)
        {
            _daemon.Send($"service.args⇥restless{n}⇥{run}", $"service.auto_up⇥restless{n}⇥1⇥always");
        }

        for (int n = 0; n < 2; n++)
        {
            Connection other = Connection.To(_scratch["socket"]);
            other.Sync();
            _others.Add(other);
        }

        Patience.Until(
            () =>
            {
                FindSteady();
                return _steady.Count == Steady + 4;
            },
            "all services are up");
        _descriptors = SettledDescriptors();
    }

    // A launch under way has a pipe: none was begun, and none was under way, while the descriptors were counted.
    private int SettledDescriptors()
    {
        int found = 0;
        Patience.Until(
            () =>
            {
                long launches = _daemon.Counters()["spawns"];
                found = _daemon.OpenDescriptors(_daemon.Pid);
                return _daemon.Counters()["spawns"] == launches;
            },
            "no launch is under way");
        return found;
    }

    private void FindSteady()
    {
        foreach (string line in Dump(_daemon).Where(line => Text.Matches(line, "service.state⇥*⇥up⇥**")))
        {
            string[] fields = line.Split('⇥');
            if (!fields[1].StartsWith("restless", StringComparison.Ordinal))
            {
                _steady[fields[1]] = fields[4];
            }
        }
    }

    // Too many too soon are the end, by design.
    private void Pace()
    {
        if (_crashed.Count == MostPerWindow)
        {
            long first = _crashed.Dequeue();
            Patience.Until(() => Stopwatch.GetElapsedTime(first) > Window, "the window of crashes is over");
        }

        _crashed.Enqueue(Stopwatch.GetTimestamp());
    }

    private void Crash()
    {
        switch (_random.Next(3))
        {
            case 0:
                _daemon.Signal(_signals[_random.Next(_signals.Length)]);
                break;
            case 1:
                _daemon.Send($"debug.crash⇥{_kinds[_random.Next(_kinds.Length)]}");
                break;
            default:
                string point = _points[_random.Next(_points.Length)];
                _daemon.Send($"debug.crash⇥{_kinds[_random.Next(_kinds.Length)]}⇥{point}");
                break;
        }
    }

    // What the daemon does meanwhile, so that there is something to crash in.
    private void Trouble()
    {
        string text = new('x', 1 + _random.Next(400));
        _daemon.Send(
            $"service.tags⇥steady{_random.Next(Steady)}⇥{text}", "fd.open⇥scratch⇥read⇥/dev/null", "nonsense",
            "fd.pipe⇥s.r⇥s.w", "statedump", "fd.delete⇥scratch", "fd.delete⇥s.r", "fd.delete⇥s.w");
        _others[0].Send("statedump", $"echo⇥{text}");
        _daemon.Signal(SIGHUP);
        if (_random.Next(3) == 0)
        {
            _daemon.Send("reexec⇥-");
        }
    }

    private void Hear() => Alive.Await(_daemon);

    // A point that nothing has passed yet is for the next crash, which there is none of any more.
    private void Disarm()
    {
        Patience.Until(() => Stopwatch.GetElapsedTime(_crashed.Last()) > Window, "the window of crashes is over");
        _daemon.Send("debug.crash⇥wild⇥connection-end");
        Hear();
    }

    private void CheckServices()
    {
        string[] states = [.. Dump(_daemon).Where(line => Text.Matches(line, "service.state⇥**"))];
        foreach ((string service, string pid) in _steady)
        {
            Assert.Contains(states, line => Text.Matches(line, $"service.state⇥{service}⇥up⇥*⇥{pid}⇥-⇥-⇥*⇥-"));
        }

        // What happens to the restless ones meanwhile is among it.
        Assert.Equal(Steady + Restless + 4, states.Select(line => line.Split('⇥')[1]).Distinct().Count());
        foreach (int child in Proc.Children(_daemon.Pid))
        {
            Patience.Until(() => !IsZombie(child), $"child {child} is waited for");
        }
    }

    private void CheckExits()
    {
        _daemon.Send([.. Enumerable.Range(0, Restless).Select(n => $"service.auto_up⇥restless{n}⇥-")]);
        Patience.Until(() => Proc.Children(_daemon.Pid).Length == _steady.Count, "those that come and go are gone");
        Hear();
        Dictionary<string, string> told = [];
        string[] ends = [.. _daemon.Heard.Split('\n')
            .Where(line => Text.Matches(line, "service.state⇥*⇥down⇥*⇥*⇥exit⇥*⇥*⇥*"))];
        foreach (string line in ends)
        {
            string[] fields = line.Split('\t');
            Assert.True(told.TryAdd(fields[4], fields[6]) || told[fields[4]] == fields[6], "two codes of one run");
        }

        string[] runs = File.ReadAllLines(_scratch["runs"]);
        Assert.NotEmpty(runs);
        foreach (string pid in runs)
        {
            int code = int.Parse(pid, CultureInfo.InvariantCulture) % 200;
            Assert.True(told.TryGetValue(pid, out string? value), $"the end of run {pid} was not told");
            Assert.Equal($"{code}", value);
        }
    }

    private void CheckPipes()
    {
        _daemon.Send("service.signal⇥source⇥KILL");
        Hear();
        string[] counted = [];
        Patience.Until(
            () =>
            {
                string[] before = counted;
                counted = File.ReadAllLines(_scratch["out"]);
                return counted.Length > 0 && before.Length == counted.Length;
            },
            "what was written has come through");
        for (int n = 0; n < counted.Length - 1; n++)
        {
            Assert.Equal(n.ToString(CultureInfo.InvariantCulture), counted[n]);
        }

        // What was in the full one, and what its writer has waited to add since.
        _daemon.Send(
            $"fd.open⇥drained⇥write,create⇥{_scratch["drained"]}",
            $"service.args⇥drain⇥/usr/bin/head⇥-c⇥{2 * Drained}", "service.fds⇥drain⇥full.r⇥drained⇥null",
            "service.start⇥drain");
        _daemon.Await("service.state⇥drain⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        Assert.Equal(
            string.Concat(Enumerable.Repeat("y\n", Drained)), File.ReadAllText(_scratch["drained"]));
        _daemon.Send("fd.delete⇥drained", "service.delete⇥drain");
    }

    private void CheckControllers()
    {
        string[] seen = [.. Dump(_daemon).Select(WithoutTime)];
        foreach (Connection other in _others)
        {
            other.Sync();
            Assert.Equal(seen, other.Ask("statedump").Select(WithoutTime));
        }

        // A named descriptor more than at the start: none; the connections were there.
        Assert.Equal(_descriptors, SettledDescriptors());
    }

    private static string[] Dump(Daemon daemon)
    {
        daemon.Sync();
        return daemon.Ask("statedump");
    }

    // How long something is or was up changes while one asks after the other.
    private static string WithoutTime(string line) => line.StartsWith("service.state", StringComparison.Ordinal)
        ? string.Join('⇥', line.Split('⇥')[..5])
        : line;

    private static bool IsZombie(int pid)
    {
        try
        {
            return Proc.Status(pid, "State") is ['Z', ..];
        }
        catch (IOException)
        {
            return false;
        }
    }
}
