using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;

namespace Daemonproxy.JobsBench;

/// <summary>A program that runs jobs in another way, in Python. It prints how long it took.</summary>
internal static class Peer
{
    private const string Python = "/usr/bin/python3";
    private const int NotInstalled = 3;
    private static readonly HashSet<string> _missing = [];

    /// <summary>Runs one; null if it is not installed.</summary>
    public static async Task<TimeSpan?> RunAsync(string directory, string script, params string[] arguments)
    {
        if (!File.Exists(Python))
        {
            Say($"{Python} is missing: no peer is measured (Debian: python3).");
            return null;
        }

        using var folder = new Folder(directory);
        string path = Path.Combine(AppContext.BaseDirectory, script);
        using Process process = Process.Start(new ProcessStartInfo(Python, [path, folder.Path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string[] lines = (await process.StandardOutput.ReadToEndAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        if (process.ExitCode == NotInstalled)
        {
            Say("supervisord is missing: it is not measured (Debian: supervisor).");
            return null;
        }

        return process.ExitCode == 0
            ? TimeSpan.FromSeconds(double.Parse(lines[^1], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"{script}: {await error}");
    }

    private static void Say(string text)
    {
        if (_missing.Add(text))
        {
            Console.WriteLine($"  {text}");
        }
    }
}
