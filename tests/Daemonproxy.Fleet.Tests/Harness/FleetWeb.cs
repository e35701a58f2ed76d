using System;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Daemonproxy.Fleet.Tests.Harness;

/// <summary>A web application whose jobs run on a fleet, with the page of the jobs; all may do everything.</summary>
internal sealed class FleetWeb : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FleetWeb(WebApplication application)
    {
        _application = application;
        Address = new Uri(application.Urls.First());
        Browser = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Uri Address { get; }

    public HttpClient Browser { get; }

    /// <summary>Starts one.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="isDescribed">True if the application adds the description of the API.</param>
    public static async Task<FleetWeb> StartAsync(TestFleet fleet, bool isDescribed = true)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDaemonproxyFleet(options => options.Redis = fleet.Redis.Socket);
        if (isDescribed)
        {
            builder.Services.AddDaemonproxyJobsPage();
        }

        WebApplication application = builder.Build();
        application.MapDaemonproxyJobs("/jobs").AllowAnonymous();
        await application.StartAsync(Patience.Token);
        return new FleetWeb(application);
    }

    public async Task<JsonNode> JsonAsync(string path) => JsonNode.Parse(await Browser.GetStringAsync(path))!;

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await _application.StopAsync(Patience.Token);
        await _application.DisposeAsync();
    }
}
