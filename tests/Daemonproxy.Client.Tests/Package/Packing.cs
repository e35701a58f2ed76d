using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading.Tasks;
using System.Xml.Linq;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Package;

/// <summary>The client as a NuGet package, used by a project that knows nothing of this repository.</summary>
public sealed class Packing : IDisposable
{
    private const string Source = """
        using System;
        using Daemonproxy.Client;

        await using DaemonConnection daemon = await DaemonConnection.ConnectAsync(args[0]);
        DaemonState state = await daemon.FollowStateAsync();
        await daemon.ServiceArgsAsync("fresh", "/bin/sh", "-c", "exit 4");
        await daemon.ServiceStartAsync("fresh");
        StateSnapshot end = await state.WaitAsync(now => now.Services["fresh"].Phase == ServicePhase.Exited);
        Console.WriteLine($"fresh: {end.Services["fresh"].Phase} {end.Services["fresh"].ExitCode}");
        try
        {
            await daemon.ServiceDeleteAsync("stale");
        }
        catch (CommandFailedException failed)
        {
            Console.WriteLine(failed.Kind);
        }
        """;

    private readonly PackageStage _stage = new();

    [LongFact]
    public async Task AFreshProjectTalksToTheDaemonWithThePackage()
    {
        await _stage.PackAsync("src/Daemonproxy.Client");
        LooksRight(_stage.FileOf("Daemonproxy.Client"), _stage.VersionOf("Daemonproxy.Client"));
        await _stage.WriteProjectAsync("app", "Daemonproxy.Client", Source, more: PackageStage.NativeProgram);
        await PackageStage.DotnetAsync(
            _stage.In("app"), "publish", "-c", "Release", "-r", "linux-x64", "-o", _stage.In("out"));
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string said = await PackageStage.RunAsync(_stage.In("."), _stage.In("out/app"), daemon.Socket);
        Assert.Equal("fresh: Exited 4\nServiceUnknown\n", said);
    }

    public void Dispose() => _stage.Dispose();

    // The version is the daemon's; what a package has besides the assembly is what the brochure promises.
    private static void LooksRight(string package, string version)
    {
        Assert.Contains($"<Version>{version}</Version>", File.ReadAllText(
            Path.Combine(Repository.Root, "Directory.Build.props")), StringComparison.Ordinal);
        using ZipArchive archive = ZipFile.OpenRead(package);
        List<string> files = [.. archive.Entries.Select(entry => entry.FullName)];
        Assert.Contains("README.md", files);
        Assert.Contains("lib/net10.0/Daemonproxy.Client.dll", files);
        Assert.Contains("lib/net10.0/Daemonproxy.Client.xml", files);
        using Stream nuspec = archive.GetEntry("Daemonproxy.Client.nuspec")!.Open();
        XElement metadata = XDocument.Load(nuspec).Root!.Elements().First();
        Dictionary<string, string> values = metadata.Elements()
            .ToDictionary(element => element.Name.LocalName, element => element.Value);
        Assert.Equal("MIT", values["license"]);
        Assert.Equal("README.md", values["readme"]);
        Assert.Equal(["Tmds.LibC"], metadata.Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .Select(element => element.Attribute("id")!.Value));
        using ZipArchive symbols = ZipFile.OpenRead(Path.ChangeExtension(package, ".snupkg"));
        Assert.NotNull(symbols.GetEntry("lib/net10.0/Daemonproxy.Client.pdb"));
    }
}
