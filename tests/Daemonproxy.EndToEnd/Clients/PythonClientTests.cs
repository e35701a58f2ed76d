using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using System.Xml.Linq;
using Daemonproxy.EndToEnd.Examples;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Clients;

/// <summary>The Python client: its own tests, against the published daemon, and what is said of it.</summary>
public sealed class PythonClientTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);
    private static readonly string _folder = Path.Combine(ExampleFolder.Root(), "clients", "python");

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [PythonFact]
    public Task ItsOwnTestsPass() =>
        RunAsync(Path.Combine(_folder, "tests"), "python3", "-B", "-W", "error::ResourceWarning", "-m", "unittest");

    [ToolFact("mypy")]
    public async Task ItsTypesAreSound()
    {
        string said = await RunAsync(
            _folder, "mypy", "--cache-dir", _scratch["cache"], "--no-color-output", "src/daemonproxy", "tests",
            "build_backend");
        Assert.StartsWith("Success", said, StringComparison.Ordinal);
    }

    [ToolFact("pip3")]
    public async Task ThePythonClientIsInstalledWithoutANetwork()
    {
        await RunAsync(
            _scratch["."], "python3", "-m", "pip", "install", "--no-index", "--quiet", "--target", _scratch["site"],
            _folder);
        string place = await RunAsync(
            _scratch["site"], "python3", "-B", "-c",
            "import daemonproxy, daemonproxy.jobs; print(daemonproxy.__file__)");
        Assert.Equal(Path.Combine(_scratch["site"], "daemonproxy", "__init__.py") + "\n", place);
        Assert.True(File.Exists(Path.Combine(_scratch["site"], "daemonproxy", "py.typed")));
    }

    [Fact]
    public void ItsVersionIsThatOfTheProject()
    {
        string version = XDocument.Load(Path.Combine(ExampleFolder.Root(), "Directory.Build.props"))
            .Descendants("Version").Single().Value;
        Assert.Contains($"version = \"{version}\"", File.ReadAllLines(Path.Combine(_folder, "pyproject.toml")));
    }

    /// <summary>The programs of its README print what stands below them.</summary>
    [PythonFact]
    public async Task TheReadmeIsTrue()
    {
        string[] lines = File.ReadAllLines(Path.Combine(_folder, "README.md"));
        string shell = Block(lines, "    cd clients/python");
        File.WriteAllText(_scratch["first.sh"], $"set -eu\ncd {ExampleFolder.Root()}\n{shell}");
        Assert.Equal(
            Block(lines, "    hello, exit code 0"), await RunAsync(_scratch["."], "/bin/bash", _scratch["first.sh"]));
    }

    // An indented block from the line that begins it.
    private static string Block(string[] lines, string first)
    {
        int start = Array.FindIndex(lines, line => line.StartsWith(first, StringComparison.Ordinal));
        Assert.True(start >= 0, first);
        string[] block = [.. lines.Skip(start).TakeWhile(line => line is "" or [' ', ' ', ' ', ' ', ..])];
        return string.Join('\n', block.Select(line => line.Length == 0 ? line : line[4..])).TrimEnd() + "\n";
    }

    private async Task<string> RunAsync(string directory, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DAEMONPROXY"] = Binary.Path;
        start.Environment["HOME"] = _scratch["."];
        start.Environment["PYTHONPATH"] = program == "python3" && directory != _scratch["site"]
            ? Path.Combine(_folder, "src")
            : "";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["MYPYPATH"] = Path.Combine(_folder, "src");
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(_patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        Assert.True(process.ExitCode == 0, $"{program} exited with {process.ExitCode}\n{await error}{await output}");
        return await output;
    }

    /// <summary>A test that needs a program of Python; skipped where one of them is not installed.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class ToolFactAttribute : FactAttribute
    {
        public ToolFactAttribute(string program)
        {
            bool isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
                .Any(folder => File.Exists(Path.Combine(folder, program)));
            Skip = Python.Obstacle ?? (isThere ? null! : $"{program} is not installed");
        }
    }
}
