using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading.Tasks;
using System.Xml.Linq;
using Daemonproxy.Client.Tests.Package;
using Daemonproxy.Fleet.Tests.Harness;
using Xunit;

namespace Daemonproxy.Fleet.Tests.Package;

/// <summary>
/// The fleet as a NuGet package, used by a native program, and what it sees of its jobs as another, used by a library.
/// </summary>
public sealed class PackingTests : IDisposable
{
    private const string Library = """
        using Daemonproxy.Jobs;

        namespace Library;

        public sealed class Greeter(IJobs jobs)
        {
            public async Task<string> GreetAsync(string name)
            {
                JobInfo job = await jobs.StartAsync(new JobRequest("echo", "hello", name));
                job = await jobs.WaitAsync(job.Name);
                using var output = new StreamReader(await jobs.OpenOutputAsync(job.Name));
                return $"{job.Status} on {job.Machine}: {await output.ReadToEndAsync()}";
            }
        }
        """;

    private const string Program = """
        using Daemonproxy.Fleet;
        using Daemonproxy.Jobs;
        using Library;

        await using var fleet = new FleetClient(new FleetOptions { Redis = args[0] });
        Console.Write(await new Greeter(fleet).GreetAsync("world"));
        FleetStatus status = await fleet.GetStatusAsync();
        Console.WriteLine($"{status.Machines.Count} machine, {status.Jobs[JobStatus.Succeeded]} job");
        """;

    private readonly PackageStage _stage = new();

    [LongFact]
    public async Task AFreshProgramRunsAJobOnAFleetWithThePackages()
    {
        await _stage.PackAsync("src/Daemonproxy.Jobs.Abstractions", "src/Daemonproxy.Fleet");
        Assert.Empty(DependenciesOf("Daemonproxy.Jobs.Abstractions"));
        Assert.Equal(
            ["Daemonproxy.Jobs.Abstractions", "Microsoft.Extensions.Options", "StackExchange.Redis"],
            DependenciesOf("Daemonproxy.Fleet"));
        await _stage.WriteProjectAsync(
            "library", "Daemonproxy.Jobs.Abstractions", Library,
            more: "<PropertyGroup><IsAotCompatible>true</IsAotCompatible></PropertyGroup>");
        await _stage.WriteProjectAsync(
            "app", "Daemonproxy.Fleet", Program,
            more: PackageStage.NativeProgram
                + "<ItemGroup><ProjectReference Include=\"../library/library.csproj\" /></ItemGroup>");
        await PackageStage.DotnetAsync(
            _stage.In("app"), "publish", "-c", "Release", "-r", "linux-x64", "-o", _stage.In("out"));
        await using TestFleet fleet = await TestFleet.StartAsync();
        string said = await PackageStage.RunAsync(_stage.In("."), _stage.In("out/app"), fleet.Redis.Socket);
        Assert.Equal("Succeeded on a0: hello world\n1 machine, 1 job\n", said);
    }

    public void Dispose() => _stage.Dispose();

    // Its dependencies; beside them it has what a package should have.
    private string[] DependenciesOf(string id)
    {
        string file = _stage.FileOf(id);
        Assert.True(File.Exists(Path.ChangeExtension(file, ".snupkg")));
        using ZipArchive archive = ZipFile.OpenRead(file);
        string[] files = [.. archive.Entries.Select(static entry => entry.FullName)];
        Assert.Contains("README.md", files);
        Assert.Contains("icon.png", files);
        Assert.Contains($"lib/net10.0/{id}.dll", files);
        Assert.Contains($"lib/net10.0/{id}.xml", files);
        using Stream nuspec = archive.GetEntry($"{id}.nuspec")!.Open();
        return
        [
            .. XDocument.Load(nuspec).Descendants()
                .Where(static element => element.Name.LocalName == "dependency")
                .Select(static element => element.Attribute("id")!.Value).Order(StringComparer.Ordinal),
        ];
    }
}
