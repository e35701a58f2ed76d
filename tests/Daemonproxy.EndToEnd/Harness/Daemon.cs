using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>
/// A running daemon, with its standard input, output and error in the test's hands. Lines are sent with ⇥ for TAB, and
/// what is expected is written the same way; see <see cref="Text.Matches"/>.
/// </summary>
internal sealed class Daemon : IDisposable
{
    private readonly ChildProcess _process;
    private readonly LineStream _output;
    private Fd? _input;
    private int _syncs;

    private Daemon(Launch launch)
    {
        (Fd input, _input) = Fd.Pipe();
        (Fd outputReader, Fd output) = Fd.Pipe();
        (Fd errorReader, Fd error) = Fd.Pipe();
        launch.Descriptors.TryAdd(0, input);
        launch.Descriptors.TryAdd(1, output);
        launch.Descriptors.TryAdd(2, error);
        _process = launch.Start();
        input.Dispose();
        output.Dispose();
        error.Dispose();
        _output = new LineStream(outputReader, "the daemon's output");
        Log = new LineStream(errorReader, "the daemon's log");
        Pid = _process.Pid;
    }

    /// <summary>The PID of the daemon, as seen by the test.</summary>
    public int Pid { get; private set; }

    /// <summary>What it writes to standard output.</summary>
    public LineStream Output => _output;

    /// <summary>What it writes to standard error.</summary>
    public LineStream Log { get; }

    /// <summary>Everything it has written to standard output.</summary>
    public string Heard => _output.All;

    public bool HasEnded => _process.HasEnded;

    /// <summary>Starts it with <c>-i</c> and takes its greeting.</summary>
    public static Daemon Interactive(params string[] more) => Interactive(new Launch([Binary.Path, "-i", .. more]));

    /// <summary>Starts it as told, with <c>-i</c> among it, and takes its greeting.</summary>
    public static Daemon Interactive(Launch launch)
    {
        Daemon daemon = Start(launch);
        try
        {
            daemon.Sync();
        }
        catch
        {
            daemon.Dispose();
            throw;
        }

        return daemon;
    }

    /// <summary>Starts it with these options.</summary>
    public static Daemon Start(params string[] options) => Start(new Launch([Binary.Path, .. options]));

    /// <summary>Starts it as told; descriptors 0, 1 and 2 become pipes unless others are given.</summary>
    public static Daemon Start(Launch launch) => new(launch);

    /// <summary>Says that the daemon is the only child of what was started, such as unshare.</summary>
    public void IsChild() => Pid = Proc.Children(_process.Pid).Single();

    public void Send(params string[] lines) => SendRaw(string.Concat(lines.Select(line => line + "\n")));

    /// <summary>Sends bytes without a line feed of their own.</summary>
    public void SendRaw(string text) => _input!.TryWrite(Text.Bytes(text));

    /// <summary>Ends the daemon's input.</summary>
    public void EndInput()
    {
        _input?.Dispose();
        _input = null;
    }

    /// <summary>The next line like this one; those before it are skipped.</summary>
    public string Await(string pattern) => _output.Await(pattern);

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
        return _output.AwaitAll(line => line == word, word)[..^1];
    }

    /// <summary>Sends lines and waits until they are done; what came since the last wait, with ⇥ for TAB.</summary>
    public string[] Ask(params string[] lines)
    {
        Send(lines);
        return [.. Sync().Select(Text.Shown)];
    }

    /// <summary>What a statedump says.</summary>
    public string[] Dump()
    {
        Sync();
        return Ask("statedump");
    }

    /// <summary>What the daemon counts.</summary>
    public Dictionary<string, long> Counters()
    {
        Sync();
        return Ask("stats")
            .Select(line => line.Split('⇥'))
            .Where(fields => fields[0] == "stats")
            .ToDictionary(fields => fields[1], fields => long.Parse(fields[2], CultureInfo.InvariantCulture));
    }

    public void Signal(int signal) => _ = Native.kill(Pid, signal);

    public ExitStatus AwaitExit() => _process.AwaitExit();

    /// <summary>All that is still to come on standard output, up to its end.</summary>
    public string[] AwaitOutputEnd() => _output.AwaitEnd();

    public void Dispose()
    {
        _process.Dispose();
        _input?.Dispose();
        _output.Dispose();
        Log.Dispose();
    }
}
