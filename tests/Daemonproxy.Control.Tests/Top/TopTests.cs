using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Tests.Harness;
using Xunit;

namespace Daemonproxy.Control.Tests.Top;

/// <summary><c>top</c> in a real terminal, over a real daemon.</summary>
public sealed class TopTests
{
    private static readonly string[] _services =
    [
        "service.args\tbusy\tsh\t-c\twhile :; do :; done",
        "service.process busy session",
        "service.args\tcalm\tsh\t-c\tsleep 1000 & sleep 1000",
        "service.process calm session",
        "service.args\tbad\t/nonexistent/program",
        "service.start busy",
        "service.start calm",
        "service.start bad",
    ];

    [Fact]
    public async Task TopShowsServicesAndWhatTheyUse()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(_services);
        await using Tmux tmux = await BeginAsync(daemon, 80, 24);

        // The first figure of processors comes with the second look.
        string screen = await tmux.UntilAsync(static screen =>
            Row(screen, "busy").Contains('%', StringComparison.Ordinal)
            && !Row(screen, "busy").Contains(" 0%", StringComparison.Ordinal));
        string[] lines = screen.Split('\n');
        Assert.StartsWith("dpctl top   ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("   2 well, 1 failed", lines[0], StringComparison.Ordinal);
        Assert.Equal("  NAME         STATE        PID    CPU   MEMORY  PROC  SINCE   LAST END", lines[1]);
        Assert.StartsWith(
            "> bad          failed         -      -        -     -  ", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("  not executed: E~", lines[2], StringComparison.Ordinal);
        Assert.Equal("3", Row(screen, "calm").Split(' ', StringSplitOptions.RemoveEmptyEntries)[6]);
        Assert.Equal(16, Array.FindIndex(lines, static line => line.EndsWith("-- events", StringComparison.Ordinal)));
        Assert.Equal(" s start  x stop  r restart  k signal  Enter page  / filter  o output  q quit", lines[23]);
        await tmux.PressAsync("q");
        await AssertLeftAsync(tmux, 0);
    }

    [Fact]
    public async Task KeysStopStartAndSignal()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(_services);
        await using Tmux tmux = await BeginAsync(daemon, 80, 24);
        await tmux.PressAsync("/");
        await tmux.PressAsync("c", "a", "l", "m", "Enter");
        await tmux.UntilAsync("> calm");
        await tmux.PressAsync("x");
        await tmux.UntilAsync("Stop calm? y/n");
        await tmux.PressAsync("y");
        await tmux.UntilAsync("calm   stopped   SIGTERM");
        await tmux.UntilAsync("> calm         down ");
        await tmux.PressAsync("s");
        await tmux.UntilAsync("calm   up   PID ");
        await tmux.PressAsync("k");
        await tmux.UntilAsync("Signal for calm");
        await tmux.PressAsync("K", "I", "L", "L", "Enter");
        await tmux.UntilAsync("calm   SIGKILL sent");
        await tmux.UntilAsync("> calm         failed ");
        await tmux.PressAsync("Enter");
        await tmux.UntilAsync("command      sh -c 'sleep 1000 & sleep 1000'");
        await tmux.PressAsync("Escape");
        await tmux.UntilAsync("-- events");
        await tmux.PressAsync("Escape");
        await tmux.UntilAsync("> calm         failed ");
        await tmux.UntilAsync("  busy ");
        await tmux.PressAsync("q");
        await AssertLeftAsync(tmux, 0);
    }

    [Fact]
    public async Task TheTerminalMayChangeItsSize()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(_services);
        await using Tmux tmux = await BeginAsync(daemon, 80, 24);
        await tmux.ResizeAsync(200, 50);
        string screen = await tmux.UntilAsync("RESTARTS  COMMAND");
        Assert.Contains("/nonexistent/program", Row(screen, "bad"), StringComparison.Ordinal);
        Assert.Equal(50, screen.TrimEnd('\n').Split('\n').Length);
        await tmux.ResizeAsync(50, 9);
        await tmux.UntilAsync(static screen => screen == "too small\n");
        await tmux.ResizeAsync(60, 10);
        await tmux.UntilAsync("> bad");
        await tmux.ResizeAsync(80, 24);
        await tmux.UntilAsync("LAST END");
        await tmux.PressAsync("C-c");
        await AssertLeftAsync(tmux, 130);
    }

    [Fact]
    public async Task TopStopsAndContinuesAsAJob()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(_services);
        await using Tmux tmux = await BeginAsync(daemon, 80, 24);
        await tmux.PressAsync("C-z");
        await tmux.UntilAsync("Stopped");
        await tmux.TypeAsync("stty -a | grep -ow -e -icanon -e icanon; fg");
        string screen = await tmux.UntilAsync("> bad");
        Assert.DoesNotContain("icanon", screen, StringComparison.Ordinal);
        await tmux.PressAsync("q");
        screen = await AssertLeftAsync(tmux, 0);
        Assert.Contains("\nicanon\n", screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task ASignalLeavesTheTerminalAsItWas(string signal, int code)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(_services);
        await using Tmux tmux = await BeginAsync(daemon, 80, 24);
        using var kill = System.Diagnostics.Process.Start("/bin/kill", [$"-{signal}", $"{PidOfTop(daemon)}"]);
        await AssertLeftAsync(tmux, code);
    }

    [Fact]
    public async Task TheDaemonMayGoAndComeBack()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(_services);
        await using Tmux tmux = await BeginAsync(daemon, 80, 24);
        await daemon.KillAsync();
        string screen = await tmux.UntilAsync("no daemon since ");
        Assert.Contains(", trying again", screen, StringComparison.Ordinal);
        Assert.Contains("> bad ", screen, StringComparison.Ordinal);
        await daemon.StartAgainAsync();
        await daemon.SendAsync("service.args other true");
        await tmux.UntilAsync("> other        down ");
        await tmux.PressAsync("q");
        await AssertLeftAsync(tmux, 0);
    }

    [Fact]
    public async Task WithoutATerminalItSaysWhatToDo()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Dpctl shown = await Dpctl.RunAsync(daemon, "top");
        Assert.Equal(new Dpctl(2, "", "dpctl: top needs a terminal: dpctl status --json\n"), shown);
    }

    private static async Task<Tmux> BeginAsync(TestDaemon daemon, int columns, int rows)
    {
        Assert.True(File.Exists("/usr/bin/tmux"), "apt-get install tmux");
        Tmux tmux = await Tmux.StartAsync(daemon.Folder, columns, rows);

        // The screen is cleared, so that what the shell shows is not taken for what top shows.
        await tmux.TypeAsync($"stty -a >before; clear; {Binary.Control} -S {daemon.Socket} top -d 200ms");
        await tmux.UntilAsync("-- events");
        return tmux;
    }

    private static string Row(string screen, string name) =>
        screen.Split('\n').FirstOrDefault(
            line => line.Length > 2 && line[2..].StartsWith($"{name} ", StringComparison.Ordinal)) ?? "";

    private static int PidOfTop(TestDaemon daemon) => Directory.GetDirectories("/proc")
        .Where(static folder => char.IsAsciiDigit(folder["/proc/".Length]))
        .Where(folder => CommandOf(folder).Contains($"\0{daemon.Socket}\0top\0", StringComparison.Ordinal))
        .Select(static folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
        .Single();

    private static string CommandOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }

    // The screen of before is back, keys are shown again, and the cursor is.
    private static async Task<string> AssertLeftAsync(Tmux tmux, int code)
    {
        await tmux.UntilAsync(static screen => !screen.Contains("-- events", StringComparison.Ordinal));
        await tmux.TypeAsync("echo code $?; stty -a | cmp - before && echo same");
        string screen = await tmux.UntilAsync("\nsame\n");
        Assert.Contains($"\ncode {code}\n", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("dpctl top", screen, StringComparison.Ordinal);
        return screen;
    }
}
