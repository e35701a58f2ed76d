using System;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Fleet.Tests.Harness;
using Daemonproxy.Jobs;
using Xunit;
using static Daemonproxy.Fleet.Tests.Harness.TestFleet;

namespace Daemonproxy.Fleet.Tests.Web;

/// <summary>The JSON API of the page, where the jobs of the application run on a fleet.</summary>
public sealed class FleetApiTests
{
    [Fact]
    public async Task MachinesQueuesJobsAndLagAreShown()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(2, null, "--places", "1", "--lease", "20");
        await using FleetWeb web = await FleetWeb.StartAsync(fleet);
        Assert.True((bool)(await web.JsonAsync("/jobs/api/access"))["hasFleet"]!);
        for (int i = 0; i < 3; i++)
        {
            await fleet.Jobs.StartAsync(Shell("sleep 60", $"j{i}"), new FleetPlace { Priority = FleetPriority.Low });
        }

        await fleet.RunningAsync("j0");
        await fleet.RunningAsync("j1");
        JsonNode shown = await web.JsonAsync("/jobs/api/fleet");
        Assert.Equal("a0 a1", $"{shown["machines"]![0]!["name"]} {shown["machines"]![1]!["name"]}");
        Assert.All(shown["machines"]!.AsArray(), static machine =>
        {
            Assert.InRange((double)machine!["leaseSeconds"]!, 0.001, 20);
            Assert.Equal((1, 1, null), ((int)machine["places"]!, (int)machine["running"]!, machine["trouble"]));
            Assert.Equal("default", (string?)machine["queues"]![0]);
        });
        JsonNode queue = Assert.Single(shown["queues"]!.AsArray())!;
        Assert.Equal(
            ("default", "Low", 1), ((string?)queue["name"], (string?)queue["priority"], (int)queue["waiting"]!));
        Assert.True((double)queue["lagSeconds"]! > 0);
        Assert.Equal((2, 1), ((int)shown["jobs"]!["Running"]!, (int)shown["jobs"]!["Queued"]!));
        Assert.Empty(shown["returned"]!.AsArray());

        JsonNode job = await web.JsonAsync("/jobs/api/jobs/j0");
        Assert.Equal((await fleet.Jobs.GetAsync("j0")).Fence, (long)job["fence"]!);
        Assert.StartsWith("a", (string?)job["machine"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AJobIsStartedStoppedAndForgottenOverHttp()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(1, null, "--lease", "20");
        await using FleetWeb web = await FleetWeb.StartAsync(fleet);
        using HttpResponseMessage started = await SendAsync(
            web, HttpMethod.Post, "/jobs/api/jobs",
            """{"program":"/bin/sh","arguments":["-c","echo out; exec sleep 60"],"name":"web"}""");
        Assert.Equal((201, "/jobs/api/jobs/web"), ((int)started.StatusCode, started.Headers.Location?.ToString()));
        await fleet.RunningAsync("web");
        using HttpResponseMessage stopped = await SendAsync(
            web, HttpMethod.Post, "/jobs/api/jobs/web/stop?seconds=0");
        Assert.Equal(202, (int)stopped.StatusCode);
        Assert.Equal(JobStatus.Stopped, (await fleet.WaitAsync("web")).Status);
        Assert.Equal("out\n", await web.Browser.GetStringAsync("/jobs/api/jobs/web/output"));
        using HttpResponseMessage forgotten = await SendAsync(web, HttpMethod.Delete, "/jobs/api/jobs/web");
        Assert.Equal(204, (int)forgotten.StatusCode);
        Assert.Null(await fleet.Jobs.FindAsync("web"));
    }

    [Fact]
    public async Task TheDescriptionHasTheFleetAndIsThereWhereItWasAdded()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(machines: 0);
        await using (FleetWeb web = await FleetWeb.StartAsync(fleet))
        {
            JsonNode document = await web.JsonAsync("/jobs/openapi/daemonproxy-jobs.json");
            Assert.Equal("GetFleet", (string?)document["paths"]!["/jobs/api/fleet"]!["get"]!["operationId"]);
            JsonNode schema = document["components"]!["schemas"]!["FleetView"]!["properties"]!;
            Assert.NotNull(schema["machines"]);
            Assert.NotNull(document["components"]!["schemas"]!["QueueView"]!["properties"]!["lagSeconds"]);
        }

        await using FleetWeb plain = await FleetWeb.StartAsync(fleet, isDescribed: false);
        using HttpResponseMessage missing = await plain.Browser.GetAsync("/jobs/openapi/daemonproxy-jobs.json");
        Assert.Equal(404, (int)missing.StatusCode);
        string said = await missing.Content.ReadAsStringAsync();
        Assert.Contains("AddDaemonproxyJobsPage adds it", said, StringComparison.Ordinal);
        Assert.NotNull((await plain.JsonAsync("/jobs/api/fleet"))["machines"]);
    }

    [Fact]
    public async Task ARedisThatIsAwayIsAProblemDocument()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(machines: 0);
        await using FleetWeb web = await FleetWeb.StartAsync(fleet);
        await web.JsonAsync("/jobs/api/fleet");
        await fleet.Redis.KillAsync();
        using HttpResponseMessage answer = await web.Browser.GetAsync("/jobs/api/fleet", Patience.Token);
        JsonNode problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((500, "storage"), ((int)answer.StatusCode, (string?)problem["fault"]));
        Assert.Contains("does not answer", (string?)problem["detail"], StringComparison.Ordinal);
        await fleet.Redis.StartAgainAsync();
    }

    private static Task<HttpResponseMessage> SendAsync(
        FleetWeb web, HttpMethod method, string path, string? json = null)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Daemonproxy-Jobs", "1");
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return web.Browser.SendAsync(request, Patience.Token);
    }
}
