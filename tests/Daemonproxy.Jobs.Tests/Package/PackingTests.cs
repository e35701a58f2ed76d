using System;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Client.Tests.Package;
using Xunit;

namespace Daemonproxy.Jobs.Tests.Package;

/// <summary>The jobs as a NuGet package, used by a web application that knows nothing of this repository.</summary>
public sealed class PackingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("daemonproxy-package-").FullName;

    [LongFact]
    public async Task AFreshWebApplicationRunsAJobWithThePackage()
    {
        foreach (string project in (string[])
            ["src/Daemonproxy.Client", "src/Daemonproxy.Jobs.Abstractions", "src/Daemonproxy.Jobs"])
        {
            await RunAsync(
                Repository.Root, "dotnet", "pack", project, "-c", "Release", "-o", In("feed"), "--nologo",
                "-nodeReuse:false");
        }

        string package = Directory.GetFiles(In("feed"), "Daemonproxy.Jobs.?.*.nupkg").Single();
        string version = Path.GetFileNameWithoutExtension(package)["Daemonproxy.Jobs.".Length..];
        using (ZipArchive archive = await ZipFile.OpenReadAsync(package))
        {
            string[] files = [.. archive.Entries.Select(static entry => entry.FullName)];
            Assert.Contains("README.md", files);
            Assert.Contains("icon.png", files);
            Assert.Contains("lib/net10.0/Daemonproxy.Jobs.xml", files);
        }

        Assert.True(File.Exists(Path.ChangeExtension(package, ".snupkg")));
        await WriteProjectAsync(version);
        await RunAsync(In("app"), "dotnet", "build", "-c", "Release", "-o", In("out"), "--nologo", "-nodeReuse:false");
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string said = await RunAsync(In("."), In("out/app"), daemon.Socket, In("jobs"));
        Assert.Equal("Succeeded hello\n200\n", said);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task WriteProjectAsync(string version)
    {
        Directory.CreateDirectory(In("app"));
        string usual = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(
            In("app/app.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
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
                <PackageReference Include="Daemonproxy.Jobs" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(
            In("app/Program.cs"),
            """
            using Daemonproxy.Jobs;

            WebApplicationBuilder builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddDaemonproxyJobs(o => (o.Socket, o.Directory) = (args[0], args[1]));
            WebApplication app = builder.Build();
            app.MapDaemonproxyJobs("/jobs").AllowAnonymous();
            await app.StartAsync();
            IJobs jobs = app.Services.GetRequiredService<IJobs>();
            JobInfo job = await jobs.StartAsync(new JobRequest("echo", "hello"));
            job = await jobs.WaitAsync(job.Name);
            using var output = new StreamReader(await jobs.OpenOutputAsync(job.Name));
            Console.Write($"{job.Status} {await output.ReadToEndAsync()}");
            using var browser = new HttpClient();
            Console.WriteLine((int)(await browser.GetAsync(new Uri($"{app.Urls.First()}/jobs/"))).StatusCode);
            await app.StopAsync();
            """);
    }

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
        return output;
    }

    private string In(string name) => Path.Combine(_folder, name);
}
