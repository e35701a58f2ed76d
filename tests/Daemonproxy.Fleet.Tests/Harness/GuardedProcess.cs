using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;

namespace Daemonproxy.Fleet.Tests.Harness;

/// <summary>A program behind a shell that kills it when these tests end, however they end.</summary>
internal sealed class GuardedProcess : IAsyncDisposable
{
    private const string Script =
        "\"$@\" 3>&1 >&2 </dev/null & echo $!; cat >/dev/null; kill -9 $! 2>/dev/null; wait";

    private readonly Process _shell;
    private bool _isDisposed;
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> IsWanted, TaskCompletionSource Found)> _waiting = [];

    private GuardedProcess(IEnumerable<string> command)
    {
        _shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _shell.ErrorDataReceived += (_, told) => Hear(told.Data);
        _shell.BeginErrorReadLine();
    }

    public int Pid { get; private set; }

    /// <summary>Its output so far.</summary>
    public string Said
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public static async Task<GuardedProcess> StartAsync(params IEnumerable<string> command)
    {
        var process = new GuardedProcess(command);
        string line = await process._shell.StandardOutput.ReadLineAsync() ?? "0";
        process.Pid = int.Parse(line, CultureInfo.InvariantCulture);
        return process;
    }

    /// <summary>Waits for a line that it prints, or has printed.</summary>
    public async Task HearAsync(string part)
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lines)
        {
            if (_lines.Any(line => line.Contains(part, StringComparison.Ordinal)))
            {
                return;
            }

            _waiting.Add((line => line.Contains(part, StringComparison.Ordinal), found));
        }

        await Task.WhenAny(found.Task, Task.Delay(TimeSpan.FromSeconds(30)));
        if (!found.Task.IsCompleted)
        {
            throw new TimeoutException($"\"{part}\" was not printed:\n{Said}");
        }
    }

    public void Signal(string signal) => Signal(Pid, signal);

    public static void Signal(int pid, string signal)
    {
        using Process kill = Process.Start("/bin/kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task<bool> HasEndedAsync()
    {
        for (int i = 0; i < 300 && System.IO.Directory.Exists($"/proc/{Pid}"); i++)
        {
            if (System.IO.File.ReadAllText($"/proc/{Pid}/stat").Contains(") Z ", StringComparison.Ordinal))
            {
                return true;
            }

            await Task.Delay(50);
        }

        return !System.IO.Directory.Exists($"/proc/{Pid}");
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await KillAsync();
        _shell.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
            foreach ((Func<string, bool> _, TaskCompletionSource found) in _waiting.Where(one => one.IsWanted(line)))
            {
                found.TrySetResult();
            }
        }
    }
}
