using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace Daemonproxy.Control.Tests.Harness;

/// <summary>A real terminal, tmux(1), with a shell in it. It has a server of its own, which ends with it.</summary>
internal sealed class Tmux : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);
    private readonly string _folder;

    private Tmux(string folder) => _folder = folder;

    /// <summary>Starts a shell that prompts with <c>$ </c>.</summary>
    public static async Task<Tmux> StartAsync(string folder, int columns, int rows)
    {
        var tmux = new Tmux(folder);
        await tmux.RunAsync(
            "-f", "/dev/null", "new-session", "-d", "-x", $"{columns}", "-y", $"{rows}",
            "env -u NO_COLOR TZ=UTC TERM=screen PS1='$ ' bash --norc --noprofile");
        await tmux.UntilAsync(static screen => screen.StartsWith("$ ", StringComparison.Ordinal) || screen == "$\n");
        return tmux;
    }

    /// <summary>Presses keys, by the names that tmux has for them.</summary>
    public Task PressAsync(params string[] keys) => RunAsync(["send-keys", .. keys]);

    /// <summary>Types a line, and Enter.</summary>
    public Task TypeAsync(string line) => RunAsync("send-keys", line, "Enter");

    public Task ResizeAsync(int columns, int rows) =>
        RunAsync("resize-window", "-x", $"{columns}", "-y", $"{rows}");

    /// <summary>The screen, without blank lines at its end.</summary>
    public async Task<string> ScreenAsync() => (await RunAsync("capture-pane", "-p")).TrimEnd('\n') + "\n";

    /// <summary>Waits until the screen is as wanted.</summary>
    public async Task<string> UntilAsync(Func<string, bool> isWanted)
    {
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            string screen = await ScreenAsync();
            if (isWanted(screen))
            {
                return screen;
            }

            if (Stopwatch.GetElapsedTime(begin) > _patience)
            {
                throw new TimeoutException($"the screen is still:\n{screen}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Waits until a text is there.</summary>
    public Task<string> UntilAsync(string text) =>
        UntilAsync(screen => screen.Contains(text, StringComparison.Ordinal));

    public async ValueTask DisposeAsync() => await RunAsync("kill-server");

    private async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux", ["-S", Path.Combine(_folder, "tmux"), .. arguments])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _folder,
        };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(_patience);
        return output;
    }
}
