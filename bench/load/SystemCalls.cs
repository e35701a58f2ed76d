using System;
using System.Globalization;
using System.IO;
using System.Threading;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Load;

/// <summary>Counts the system calls of a process that runs already, by strace(1).</summary>
internal sealed class SystemCalls : IDisposable
{
    private const string Strace = "/usr/bin/strace";
    private readonly string _summary = Path.GetTempFileName();
    private readonly ChildProcess _strace;

    /// <summary>Begins to count those of the main thread, which does all the work.</summary>
    public SystemCalls(int pid)
    {
        _strace = new ChildProcess(
            [Strace, "-c", "-o", _summary, "-p", pid.ToString(CultureInfo.InvariantCulture)], -1, -1);
        while (Usage.Field($"/proc/{pid}/status", "TracerPid") == 0)
        {
            Thread.Sleep(1);
        }
    }

    public static bool CanCount => File.Exists(Strace);

    /// <summary>Stops counting; how many there were.</summary>
    public long Stop()
    {
        _strace.Signal(SIGINT);
        _strace.AwaitEnd();
        string[] lines = File.ReadAllLines(_summary);

        // The last line: 100.00 0.012345 10 1234 [errors] total; no line at all for no call.
        string[] total = lines.Length == 0 ? [] : lines[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return total.Length > 3 ? long.Parse(total[3], CultureInfo.InvariantCulture) : 0;
    }

    public void Dispose()
    {
        _strace.Signal(SIGKILL);
        _strace.AwaitEnd();
        File.Delete(_summary);
    }
}
