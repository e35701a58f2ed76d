using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Manager.Tests.Harness;
using Xunit;

namespace Daemonproxy.Manager.Tests.Running;

/// <summary>The output of <c>make run</c>: examples/first-five-minutes, with the published programs.</summary>
public class FirstFiveMinutesTests
{
    [Fact]
    public async Task TheExampleRunsFromTheStartToTheShutdown()
    {
        using Process run = Process.Start(new ProcessStartInfo(
            Path.Combine(Repository.Root, "examples", "first-five-minutes", "run.sh"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["BIN"] = Path.Combine(Repository.Root, "out") },
        })!;
        Task<string> log = run.StandardError.ReadToEndAsync();
        string[] shown = (await run.StandardOutput.ReadToEndAsync().Within()).Split('\n');
        await run.WaitForExitAsync(Patience.Token);
        Assert.True(run.ExitCode == 0, $"{string.Join('\n', shown)}\n{await log}");
        foreach (string line in (string[])
            [
                "clock    ready", "web      up", "web      SIGKILL sent", "web      waiting",
                "  needs        clock (ready)",
                "daemonproxy 0.1.0 is now 0.1.0", "clock    stopped", "daemonproxy ended",
            ])
        {
            Assert.Contains(shown, one => one.StartsWith(line, StringComparison.Ordinal));
        }

        string[] stops =
        [
            .. (await log).Split('\n').Where(static line => line.EndsWith(": stopping", StringComparison.Ordinal)),
        ];
        Assert.Equal(["info: web: stopping", "info: clock: stopping", "info: logger: stopping"], stops);
    }
}
