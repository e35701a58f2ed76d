using System;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Daemonproxy.Jobs.Tests.Harness;

/// <summary>A web application with jobs, on a port of its own, and a browser's part of it.</summary>
internal sealed class WebStage : IAsyncDisposable
{
    private readonly WebApplication _application;

    private WebStage(JobsStage stage, WebApplication application)
    {
        Stage = stage;
        _application = application;
        Address = new Uri(application.Urls.First());
        Browser = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public JobsStage Stage { get; }

    public Uri Address { get; }

    public HttpClient Browser { get; }

    public IJobs Jobs => _application.Services.GetRequiredService<IJobs>();

    public IServiceProvider Services => _application.Services;

    /// <summary>Starts one. It maps the jobs as told; without that all may do everything.</summary>
    public static async Task<WebStage> StartAsync(
        Action<WebApplication>? map = null,
        Action<IServiceCollection>? add = null,
        JobsStage? stage = null,
        string url = "http://127.0.0.1:0",
        Action<JobsOptions>? options = null)
    {
        stage ??= await JobsStage.StartAsync();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        JobsOptions given = stage.Options(options);
        builder.Services.AddDaemonproxyJobs(set =>
        {
            set.Socket = given.Socket;
            set.Prefix = given.Prefix;
            set.Application = given.Application;
            set.Directory = given.Directory;
            set.StopGrace = given.StopGrace;
            set.MostInAQueue = given.MostInAQueue;
        });
        builder.Services.AddAuthorization();
        add?.Invoke(builder.Services);
        WebApplication application = builder.Build();
        (map ?? (static application => application.MapDaemonproxyJobs("/jobs").AllowAnonymous()))(application);
        await application.StartAsync(Patience.Token);
        return new WebStage(stage, application);
    }

    /// <summary>A request that changes something, as the page sends it.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Daemonproxy-Jobs", "1");
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return Browser.SendAsync(request);
    }

    public async Task<JsonNode> JsonAsync(string path) => JsonNode.Parse(await Browser.GetStringAsync(path))!;

    /// <summary>Ends the application alone.</summary>
    public async Task StopAsync()
    {
        await _application.StopAsync(Patience.Token);
        await _application.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await StopAsync();
        await Stage.DisposeAsync();
    }
}
