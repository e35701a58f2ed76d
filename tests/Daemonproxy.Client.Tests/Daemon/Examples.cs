using System;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Daemon;

/// <summary>The example examples/csharp-controller, as it was built with these tests.</summary>
public class Examples
{
    [Fact]
    public async Task TheControllerStartsItsWorkerAgainAndEndsAllOnSigterm()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("daemonproxy-example-");
        string source = Path.Combine(Repository.Root, "examples", "csharp-controller");
        string built = typeof(Examples).Assembly.Location
            .Replace("Daemonproxy.Client.Tests", "csharp-controller", StringComparison.Ordinal);
        string conf = File.ReadAllText(Path.Combine(source, "controller.conf"));
        Assert.Contains("\t./bin/csharp-controller\n", conf, StringComparison.Ordinal);
        File.WriteAllText(
            Path.Combine(folder.FullName, "controller.conf"),
            conf.Replace("\t./bin/csharp-controller\n", $"\tdotnet\t{built}\n", StringComparison.Ordinal));
        File.Copy(Path.Combine(source, "worker.sh"), Path.Combine(folder.FullName, "worker.sh"));
        var start = new ProcessStartInfo(Binary.Path, ["-q", "-c", "controller.conf"])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process daemon = Process.Start(start)!;
        try
        {
            await AwaitAsync(daemon.StandardError, "worker runs as process ");
            Assert.Equal("working", await daemon.StandardOutput.ReadLineAsync().Within());
            await AwaitAsync(daemon.StandardError, "worker exited with 3; again in 1 s");
            await AwaitAsync(daemon.StandardError, "worker runs as process ");
            await AwaitAsync(daemon.StandardError, "worker exited with 3; again in 2 s");
            using Process kill = Process.Start("/bin/kill", ["-TERM", $"{daemon.Id}"]);
            await AwaitAsync(daemon.StandardError, "good bye");
            await daemon.WaitForExitAsync(Patience.Token);
            Assert.Equal(0, daemon.ExitCode);
        }
        finally
        {
            // The controller ends with its connection.
            daemon.Kill();
            await daemon.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    private static async Task AwaitAsync(StreamReader log, string beginning)
    {
        var seen = new StringBuilder();
        while (await log.ReadLineAsync().Within() is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return;
            }

            seen.AppendLine(line);
        }

        Assert.Fail($"{beginning} did not come; instead:\n{seen}");
    }
}
