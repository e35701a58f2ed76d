using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Package;

/// <summary>The public API cannot change unseen.</summary>
public sealed class PublicApi : IDisposable
{
    private readonly string _copy = Directory.CreateTempSubdirectory("daemonproxy-api-").FullName;

    [LongFact]
    public async Task ARenamedFieldOfAnEventFailsTheBuildWithAHint()
    {
        foreach (string part in (string[])
            ["src/Daemonproxy.Client", "src/Daemonproxy.Generators", "src/Daemonproxy/Protocol", "docs",
            "packaging/public-api.targets", "commands.spec", "Directory.Build.props", "Directory.Packages.props",
            "global.json", ".editorconfig"])
        {
            await RunAsync("cp", "-r", "--parents", part, _copy);
        }

        const string field = "  cases    name          options             path\n";
        string path = Path.Combine(_copy, "commands.spec");
        string spec = await File.ReadAllTextAsync(path);
        Assert.Contains(field, spec, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, spec.Replace(
            field, field.Replace("options", "choices", StringComparison.Ordinal), StringComparison.Ordinal));

        string output = await RunAsync(
            "dotnet", "build", Path.Combine(_copy, "src/Daemonproxy.Client"), "-c", "Release", "--nologo",
            "-nodeReuse:false");
        Assert.Contains(
            "RS0017: Symbol 'Daemonproxy.Client.SocketStateOpenEvent.Options.get", output, StringComparison.Ordinal);
        Assert.Contains("run packaging/public-api.sh", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_copy, recursive: true);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        };

        // What this test host was started with is not for the build.
        start.Environment.Remove("MSBuildSDKsPath");
        start.Environment.Remove("MSBUILD_EXE_PATH");
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }
}
