using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using static Daemonproxy.EndToEnd.Harness.NativeMethods;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>A process that a test started. At its end everything that came of it is killed, PID by PID.</summary>
internal sealed unsafe class ChildProcess(int pid, string mark) : IDisposable
{
    private ExitStatus? _status;

    public int Pid => pid;

    public bool HasEnded => TryReap();

    public void Signal(int signal) => _ = kill(pid, signal);

    public ExitStatus AwaitExit() => AwaitExit(Patience.Usual);

    /// <summary>Waits for the end of what takes longer than usual.</summary>
    public ExitStatus AwaitExit(TimeSpan patience)
    {
        Patience.Until(TryReap, $"process {pid} ends", () => Proc.Status(pid, "State"), patience);
        return _status!.Value;
    }

    public void Dispose()
    {
        if (!TryReap())
        {
            // Stopped, so that it starts nothing again. A child in the middle of its exec shows no environment.
            Signal(SIGSTOP);
            KillChildren(pid);
        }

        for (int round = 0; round < 100 && KillMarked(); round++)
        {
            Thread.Sleep(1);
        }

        if (!TryReap())
        {
            Signal(SIGKILL);
            AwaitExit();
        }
    }

    private static void KillChildren(int parent)
    {
        try
        {
            foreach (int child in Proc.Children(parent))
            {
                KillChildren(child);
                _ = kill(child, SIGKILL);
            }
        }
        catch (IOException)
        {
            // It ended meanwhile, and what it left has the mark.
        }
    }

    // The mark is in the environment of everything that came of the launch, and in nothing else.
    private bool KillMarked()
    {
        bool found = false;
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            bool isNumber = int.TryParse(
                Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int other);
            if (isNumber && other != Environment.ProcessId && IsMarked(other))
            {
                found = true;
                _ = kill(other, SIGKILL);
            }
        }

        return found;
    }

    private bool IsMarked(int other)
    {
        try
        {
            string environment = "\0" + Text.From(File.ReadAllBytes($"/proc/{other}/environ"));
            return environment.Contains("\0" + mark + "\0", StringComparison.Ordinal);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool TryReap()
    {
        if (_status is not null)
        {
            return true;
        }

        int status;
        int result = waitpid(pid, &status, WNOHANG);
        if (result == pid)
        {
            _status = new ExitStatus(status);
        }
        else if (result < 0 && Marshal.GetLastPInvokeError() == ECHILD)
        {
            throw new InvalidOperationException($"process {pid} was reaped by somebody else");
        }

        return _status is not null;
    }
}
