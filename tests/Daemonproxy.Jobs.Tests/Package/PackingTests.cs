using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Client.Tests.Package;
using Xunit;

namespace Daemonproxy.Jobs.Tests.Package;

/// <summary>The jobs as a NuGet package, used by a web application that knows nothing of this repository.</summary>
public sealed class PackingTests : IDisposable
{
    private const string Source = """
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
        """;

    private readonly PackageStage _stage = new();

    [LongFact]
    public async Task AFreshWebApplicationRunsAJobWithThePackage()
    {
        await _stage.PackAsync("src/Daemonproxy.Client", "src/Daemonproxy.Jobs.Abstractions", "src/Daemonproxy.Jobs");
        string package = _stage.FileOf("Daemonproxy.Jobs");
        using (ZipArchive archive = await ZipFile.OpenReadAsync(package))
        {
            string[] files = [.. archive.Entries.Select(static entry => entry.FullName)];
            Assert.Contains("README.md", files);
            Assert.Contains("icon.png", files);
            Assert.Contains("lib/net10.0/Daemonproxy.Jobs.xml", files);
        }

        Assert.True(File.Exists(Path.ChangeExtension(package, ".snupkg")));
        await _stage.WriteProjectAsync("app", "Daemonproxy.Jobs", Source, "Microsoft.NET.Sdk.Web");
        await PackageStage.DotnetAsync(_stage.In("app"), "build", "-c", "Release", "-o", _stage.In("out"));
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string said = await PackageStage.RunAsync(
            _stage.In("."), _stage.In("out/app"), daemon.Socket, _stage.In("jobs"));
        Assert.Equal("Succeeded hello\n200\n", said);
    }

    public void Dispose() => _stage.Dispose();
}
