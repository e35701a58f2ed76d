using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using System.Xml.Linq;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Package;

/// <summary>The client as a NuGet package, used by a project that knows nothing of this repository.</summary>
public sealed class Packing : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("daemonproxy-package-").FullName;

    [LongFact]
    public async Task AFreshProjectTalksToTheDaemonWithThePackage()
    {
        await DotnetAsync(Repository.Root, "pack", "src/Daemonproxy.Client", "-c", "Release", "-o", In("feed"));
        string package = Directory.GetFiles(In("feed"), "Daemonproxy.Client.*.nupkg").Single();
        string version = Path.GetFileNameWithoutExtension(package)["Daemonproxy.Client.".Length..];
        LooksRight(package, version);
        await WriteProjectAsync(version);

        // Everything else that it needs is in the usual folder, or comes from the usual sources.
        await DotnetAsync(In("app"), "publish", "-c", "Release", "-r", "linux-x64", "-o", In("out"));
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string said = await RunAsync(In("."), In("out/app"), daemon.Socket);
        Assert.Equal("fresh: Exited 4\nServiceUnknown\n", said);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

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

    private async Task WriteProjectAsync(string version)
    {
        Directory.CreateDirectory(In("app"));
        string usual = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(
            In("app/app.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <PublishAot>true</PublishAot>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                <RestoreAdditionalProjectSources>{In("feed")}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{In("packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{usual}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Daemonproxy.Client" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(
            In("app/Program.cs"),
            """
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
            """);
    }

    private static Task<string> DotnetAsync(string folder, params string[] arguments) =>
        RunAsync(folder, "dotnet", [.. arguments, "--nologo", "-nodeReuse:false"]);

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What this test host was started with is not for the build.
        start.Environment.Remove("MSBuildSDKsPath");
        start.Environment.Remove("MSBUILD_EXE_PATH");
        using Process process = Process.Start(start)!;
        var said = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (said)
            {
                said.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{output}\n{said}");
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        return output;
    }

    private string In(string name) => Path.Combine(_folder, name);
}
