using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>Programs that read what is made from the spec.</summary>
internal static class Shell
{
    // A program that hangs is a failure; a slow machine is none.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(15);

    /// <summary>Where a program is; null where it is not installed.</summary>
    public static string? Find(string program)
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            string path = Path.Combine(folder, program);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>The output of a program, of both streams. It must end well.</summary>
    public static string Run(string program, params string[] arguments)
    {
        (int status, string printed) = Try(Environment.CurrentDirectory, program, arguments);
        Assert.True(status == 0, $"{program} {string.Join(' ', arguments)}: exit status {status}\n{printed}");
        return printed;
    }

    /// <summary>The same in a directory, with its exit status.</summary>
    public static (int Status, string Printed) Try(string directory, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(_patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} does not end");
        }

        return (process.ExitCode, output.Result + error.Result);
    }
}

/// <summary>A test that needs a program; skipped, with a line that says so, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program) =>
        Skip = Shell.Find(program) is null ? $"{program} is not installed" : null!;
}
