using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Daemonproxy.Control.Tests.Harness;

/// <summary>The output of a run of dpctl, and its exit code.</summary>
internal sealed partial record Dpctl(int ExitCode, string Out, string Error)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs dpctl for a daemon.</summary>
    public static Task<Dpctl> RunAsync(TestDaemon daemon, params string[] arguments) =>
        RunAsync(daemon.Folder, [], ["-S", daemon.Socket, .. arguments]);

    /// <summary>Runs dpctl in a folder, with these variables besides those of the tests.</summary>
    public static async Task<Dpctl> RunAsync(
        string folder, Dictionary<string, string?> environment, string[] arguments, string input = "")
    {
        using Process process = Start(folder, environment, arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(_patience);
        return new Dpctl(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts dpctl, with pipes for its three streams.</summary>
    public static Process Start(string folder, Dictionary<string, string?> environment, string[] arguments)
    {
        // What started the tests may have had SIGINT ignored, as a shell does for what it starts behind itself.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Binary.Control, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["TZ"] = "UTC";
        start.Environment.Remove("DAEMONPROXY_SOCKET");
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs dpctl at a terminal of so many columns; both streams are there.</summary>
    public static async Task<Dpctl> RunAtTerminalAsync(TestDaemon daemon, int columns, params string[] arguments)
    {
        var line = new StringBuilder($"stty cols {columns} rows 24; exec '{Binary.Control}' -S '{daemon.Socket}'");
        foreach (string argument in arguments)
        {
            line.Append($" '{argument}'");
        }

        var start = new ProcessStartInfo("script", ["-qec", line.ToString(), "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = daemon.Folder,
        };
        start.Environment["TERM"] = "xterm";
        start.Environment["TZ"] = "UTC";
        start.Environment.Remove("NO_COLOR");
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(_patience);
        await process.WaitForExitAsync();
        return new Dpctl(process.ExitCode, output.Replace("\r\n", "\n", StringComparison.Ordinal), "");
    }

    /// <summary>
    /// Everything that is to be looked at: the streams and the exit code, without PIDs, times and paths of this run.
    /// </summary>
    public string Shown(TestDaemon? daemon = null)
    {
        string text = $"{Out}{(Error.Length > 0 ? $"-- stderr\n{Error}" : "")}-- exit code {ExitCode}\n";
        if (daemon is not null)
        {
            text = text.Replace(daemon.Folder, "FOLDER", StringComparison.Ordinal);
        }

        text = JsonTime().Replace(text, "TIME");
        text = Gap().Replace(text, "  ");
        text = ClockAndDuration().Replace(text, "TIME");
        text = Clock().Replace(text, "HH:MM:SS");
        text = JsonNumber().Replace(text, "$1N");
        text = Pid().Replace(text, "$1PID");
        text = EndedAfter().Replace(text, "after DURATION");
        return Duration().Replace(text, "DURATION");
    }

    // How wide columns are depends on PIDs and durations; tests of tables look at that.
    [GeneratedRegex(@"(?<=\S) {2,}")]
    private static partial Regex Gap();

    [GeneratedRegex(@"in under 1 s|after \d+ s")]
    private static partial Regex EndedAfter();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")]
    private static partial Regex JsonTime();

    [GeneratedRegex(@"\d\d:\d\d:\d\d +(?:\d+ s|under 1 s)")]
    private static partial Regex ClockAndDuration();

    [GeneratedRegex(@"\b\d\d:\d\d:\d\d\b")]
    private static partial Regex Clock();

    [GeneratedRegex("(\"(?:pid|since_s|uptime_s)\":)\\d+")]
    private static partial Regex JsonNumber();

    [GeneratedRegex(@"((?:PID )|(?:(?:ready|up|starting|stopping)(?:\x1b\[0m)? +))\d+\b")]
    private static partial Regex Pid();

    [GeneratedRegex(@"\b(under 1 s|\d+ s)\b")]
    private static partial Regex Duration();
}
