using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Fleet.Tests.Harness;
using Xunit;

namespace Daemonproxy.Fleet.Tests.Commands;

/// <summary>The manual page, which is made from the options.</summary>
public sealed class ManualPageTests
{
    [Fact]
    public async Task TheManualPageIsFreshAndWellFormed()
    {
        string page = await RunAsync(TestMachine.AgentProgram, "__manual");
        string file = Path.Combine(Repository.Root, "docs", "dpctl-agent.1");
        if (Environment.GetEnvironmentVariable("Verify_AcceptAll") == "true")
        {
            await File.WriteAllTextAsync(file, page);
        }

        Assert.Equal(await File.ReadAllTextAsync(file), page);
        Assert.Equal("", await RunAsync("/bin/sh", "-c", $"groff -man -Tutf8 -ww -z {file} 2>&1"));
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
        })!;
        return await process.StandardOutput.ReadToEndAsync();
    }
}
