using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace Daemonproxy.EndToEnd.Contributing;

/// <summary>A copy of this repository without what was built from it; removed afterwards.</summary>
internal sealed class RepositoryCopy : IDisposable
{
    private static readonly string[] NotOurs = [".git", "artifacts", "out", "TestResults"];

    // A build that hangs is a failure; a slow machine is none.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private readonly string _root = Directory.CreateTempSubdirectory("daemonproxy-copy-").FullName;

    public RepositoryCopy() => Copy(FindRepository(), _root);

    /// <summary>The path of a file in the copy.</summary>
    public string this[string name] => Path.Combine(_root, name);

    /// <summary>Runs dotnet in the copy: its exit status, and all that it prints.</summary>
    public (int Status, string Printed) Dotnet(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments)
        {
            WorkingDirectory = _root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Servers of a build would outlive the test; what the test runner sets is not for builds.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment.Remove("MSBuildExtensionsPath");
        start.Environment.Remove("MSBuildSDKsPath");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"dotnet {string.Join(' ', arguments)} does not end");
        }

        return (process.ExitCode, output.Result + error.Result);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string FindRepository()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "commands.spec")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName
            ?? throw new DirectoryNotFoundException("no folder above the tests has a commands.spec");
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            // In a worktree .git is a file.
            if (Path.GetFileName(file) != ".git")
            {
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
            }
        }

        foreach (string directory in Directory.GetDirectories(from))
        {
            string name = Path.GetFileName(directory);
            if (Array.IndexOf(NotOurs, name) < 0)
            {
                Copy(directory, Path.Combine(to, name));
            }
        }
    }
}
