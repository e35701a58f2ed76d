using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>
/// The test as a controller of a daemon. Lines are sent with ⇥ for TAB, and what is expected is written the same way;
/// see <see cref="Text.Matches"/>.
/// </summary>
internal abstract class Controller
{
    private int _syncs;

    /// <summary>The lines of the daemon.</summary>
    public abstract LineStream Output { get; }

    /// <summary>Everything it has told.</summary>
    public string Heard => Output.All;

    /// <summary>Sends bytes without a line feed of their own.</summary>
    public abstract void SendRaw(string text);

    /// <summary>Ends what is sent; what is told goes on.</summary>
    public abstract void EndInput();

    public void Send(params string[] lines) => SendRaw(string.Concat(lines.Select(line => line + "\n")));

    /// <summary>The next line like this one; those before it are skipped.</summary>
    public string Await(string pattern) => Output.Await(pattern);

    /// <summary>One field of the next line like this one.</summary>
    public string AwaitField(string pattern, int field) => Await(pattern).Split('\t')[field];

    /// <summary>Waits until the service is up; its PID.</summary>
    public int AwaitUp(string service) =>
        int.Parse(AwaitField($"service.state⇥{service}⇥up⇥*⇥*⇥-⇥-⇥*⇥-", 4), CultureInfo.InvariantCulture);

    /// <summary>Waits until everything sent is done; the lines that came since the last wait.</summary>
    public string[] Sync()
    {
        string word = $"sync {++_syncs}";
        Send($"echo⇥{word}");
        return Output.AwaitAll(line => line == word, word)[..^1];
    }

    /// <summary>Sends lines and waits until they are done; what came since the last wait, with ⇥ for TAB.</summary>
    public string[] Ask(params string[] lines)
    {
        Send(lines);
        return [.. Sync().Select(Text.Shown)];
    }

    /// <summary>The lines of a statedump.</summary>
    public string[] Dump()
    {
        Sync();
        return Ask("statedump");
    }

    /// <summary>
    /// The number of descriptors of the daemon, when its helpers have closed theirs. A first answer ends the turn in
    /// which they were given something.
    /// </summary>
    public int OpenDescriptors(int pid)
    {
        Sync();
        Patience.Until(
            () => Counters() is var counters && counters["helpers.waiting"] == 0 && counters["launches.waiting"] == 0,
            "nothing is being closed or launched");
        return Proc.Descriptors(pid).Count;
    }

    /// <summary>The counters of the daemon.</summary>
    public Dictionary<string, long> Counters()
    {
        Sync();
        return Ask("stats")
            .Select(line => line.Split('⇥'))
            .Where(fields => fields[0] == "stats")
            .ToDictionary(fields => fields[1], fields => long.Parse(fields[2], CultureInfo.InvariantCulture));
    }

    /// <summary>All that is still to come, up to its end.</summary>
    public string[] AwaitOutputEnd() => Output.AwaitEnd();
}
