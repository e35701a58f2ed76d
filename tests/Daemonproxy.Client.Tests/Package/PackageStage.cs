using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Package;

/// <summary>A folder with packages of this repository, and projects that know nothing else of it.</summary>
internal sealed class PackageStage : IDisposable
{
    /// <summary>The properties of a project of a native program.</summary>
    public const string NativeProgram = """
        <PropertyGroup>
            <OutputType>Exe</OutputType>
            <PublishAot>true</PublishAot>
          </PropertyGroup>
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("daemonproxy-package-").FullName;

    public string In(string name) => Path.Combine(_folder, name);

    /// <summary>Packs projects of the repository.</summary>
    public async Task PackAsync(params string[] projects)
    {
        foreach (string project in projects)
        {
            await DotnetAsync(Repository.Root, "pack", project, "-c", "Release", "-o", In("feed"));
        }
    }

    /// <summary>The file of a package.</summary>
    public string FileOf(string id) => Directory.GetFiles(In("feed"), $"{id}.?.*.nupkg").Single();

    /// <summary>Its version.</summary>
    public string VersionOf(string id) => Path.GetFileNameWithoutExtension(FileOf(id))[(id.Length + 1)..];

    /// <summary>
    /// Writes a project that uses a package. Everything else that it needs is in the usual folder, or comes from the
    /// usual sources.
    /// </summary>
    /// <param name="name">The folder and the name of the project.</param>
    /// <param name="package">The package, of this repository.</param>
    /// <param name="source">Its only source file.</param>
    /// <param name="sdk">The SDK.</param>
    /// <param name="more">More of its properties and references.</param>
    public async Task WriteProjectAsync(
        string name, string package, string source, string sdk = "Microsoft.NET.Sdk", string more = "")
    {
        Directory.CreateDirectory(In(name));
        string usual = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(
            In($"{name}/{name}.csproj"),
            $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <AnalysisLevel>latest-recommended</AnalysisLevel>
                <NuGetAudit>false</NuGetAudit>
                <RestoreAdditionalProjectSources>{In("feed")}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{In("packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{usual}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{VersionOf(package)}" />
              </ItemGroup>
              {more}
            </Project>
            """);
        await File.WriteAllTextAsync(In($"{name}/Source.cs"), source);
    }

    /// <summary>Runs the SDK, which has nothing to warn of.</summary>
    public static async Task DotnetAsync(string folder, params string[] arguments)
    {
        string said = await RunAsync(folder, "dotnet", [.. arguments, "--nologo", "-nodeReuse:false"]);
        Assert.DoesNotContain(": warning ", said, StringComparison.Ordinal);
    }

    /// <summary>Runs a program to its end, and gives what it has printed.</summary>
    public static async Task<string> RunAsync(string folder, string program, params string[] arguments)
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
        return output;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
