using System;
using System.Linq;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>
/// A running daemon, with its standard input, output and error in the test's hands; with <c>-i</c> the test is its
/// controller by them.
/// </summary>
internal sealed class Daemon : Controller, IDisposable
{
    private readonly ChildProcess _process;
    private Fd? _input;

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
        Output = new LineStream(outputReader, "the daemon's output");
        Log = new LineStream(errorReader, "the daemon's log");
        Pid = _process.Pid;
    }

    /// <summary>The PID of the daemon, as seen by the test.</summary>
    public int Pid { get; private set; }

    /// <summary>Its standard output.</summary>
    public override LineStream Output { get; }

    /// <summary>Its standard error.</summary>
    public LineStream Log { get; }

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

    /// <summary>True if what was started, such as unshare, has a child by now, which is the daemon.</summary>
    public bool IsThere()
    {
        int[] children = Proc.Children(_process.Pid);
        Pid = children.Length == 1 ? children[0] : Pid;
        return children.Length == 1;
    }

    public override void SendRaw(string text) => _input!.TryWrite(Text.Bytes(text));

    public override void EndInput()
    {
        _input?.Dispose();
        _input = null;
    }

    public void Signal(int signal) => _ = kill(Pid, signal);

    public ExitStatus AwaitExit() => _process.AwaitExit();

    public void Dispose()
    {
        _process.Dispose();
        _input?.Dispose();
        Output.Dispose();
        Log.Dispose();
    }
}
