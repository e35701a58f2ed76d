using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Jobs.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Daemonproxy.Jobs.Tests.Web;

/// <summary>The JSON API and its streams, over HTTP.</summary>
public sealed class ApiTests
{
    [Fact]
    public async Task AJobIsStartedSeenStoppedAndForgotten()
    {
        await using WebStage web = await WebStage.StartAsync();
        HttpResponseMessage started = await web.SendAsync(
            HttpMethod.Post, "/jobs/api/jobs",
            """{"program":"/bin/sh","arguments":["-c","echo up; exec sleep 1000"],"name":"a.b","tags":{"user":"7"}}""");
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        Assert.Equal("/jobs/api/jobs/a.b", started.Headers.Location!.ToString());
        await web.Jobs.UntilRunsAsync("a.b");

        JsonNode job = await web.JsonAsync("/jobs/api/jobs/a.b");
        Assert.Equal(("Running", "/bin/sh", "7"), (
            (string?)job["status"], (string?)job["program"], (string?)job["tags"]!["user"]));
        Assert.Null(job["arguments"]);
        Assert.Equal("Session", (string?)job["reach"]);
        JsonNode request = await web.JsonAsync("/jobs/api/jobs/a.b/request");
        Assert.Equal("-c", (string?)request["arguments"]![0]);
        HttpResponseMessage early = await web.SendAsync(HttpMethod.Delete, "/jobs/api/jobs/a.b");
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);

        Assert.Equal(
            HttpStatusCode.Accepted,
            (await web.SendAsync(HttpMethod.Post, "/jobs/api/jobs/a.b/stop?seconds=1")).StatusCode);
        await web.Jobs.EndAsync("a.b");
        HttpResponseMessage again = await web.SendAsync(HttpMethod.Post, "/jobs/api/jobs/a.b/again");
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.StartsWith("/jobs/api/jobs/", again.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("a.b", again.Headers.Location.ToString(), StringComparison.Ordinal);

        Assert.Equal(
            HttpStatusCode.NoContent, (await web.SendAsync(HttpMethod.Delete, "/jobs/api/jobs/a.b")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await web.Browser.GetAsync("/jobs/api/jobs/a.b")).StatusCode);
    }

    [Fact]
    public async Task AListIsFilteredAndPaged()
    {
        await using WebStage web = await WebStage.StartAsync();
        for (int number = 0; number < 5; number++)
        {
            await web.Jobs.RunAsync(new JobRequest(number == 0 ? "false" : "true")
            {
                Name = $"n{number}",
                Tags = new Dictionary<string, string> { ["odd"] = $"{number % 2 == 1}" },
            });
        }

        JsonNode page = await web.JsonAsync("/jobs/api/jobs?most=2");
        Assert.Equal(["n4", "n3"], Names(page));
        Assert.Equal(["n2", "n1"], Names(await web.JsonAsync($"/jobs/api/jobs?most=2&before={page["next"]}")));
        Assert.Equal(["n0"], Names(await web.JsonAsync("/jobs/api/jobs?status=failed&status=Lost")));
        Assert.Equal(["n3", "n1"], Names(await web.JsonAsync("/jobs/api/jobs?tag=odd=True")));
        Assert.Equal(4, (int)(await web.JsonAsync("/jobs/api/counts"))["Succeeded"]!);
    }

    [Theory]
    [InlineData("/jobs/api/jobs?most=0", 400, "bad-request")]
    [InlineData("/jobs/api/jobs?most=x", 400, "bad-request")]
    [InlineData("/jobs/api/jobs?status=1", 400, "bad-request")]
    [InlineData("/jobs/api/jobs?tag=x", 400, "bad-request")]
    [InlineData("/jobs/api/jobs/none", 404, "not-found")]
    [InlineData("/jobs/api/jobs/none/output", 404, "not-found")]
    [InlineData("/jobs/api/jobs/none/output/events", 404, "not-found")]
    [InlineData("/jobs/api/jobs/none/request", 404, "not-found")]
    public async Task AFaultIsAProblemDocument(string path, int status, string fault)
    {
        await using WebStage web = await WebStage.StartAsync();
        await AssertProblemAsync(await web.Browser.GetAsync(path), status, fault);
    }

    [Theory]
    [InlineData("{", 400, "bad-request")]
    [InlineData("null", 400, "bad-request")]
    [InlineData("{}", 400, "bad-request")]
    [InlineData("""{"program":""}""", 400, "bad-request")]
    [InlineData("""{"program":"true","queue":"a b"}""", 400, "bad-request")]
    [InlineData("""{"program":"true","timeLimitSeconds":-1}""", 400, "bad-request")]
    [InlineData("""{"program":"true","timeLimitSeconds":"x"}""", 400, "bad-request")]
    [InlineData("""{"program":"true","tags":{"a":null}}""", 400, "bad-request")]
    [InlineData("""{"program":"true","arguments":[null]}""", 400, "bad-request")]
    [InlineData("""{"program":"true","args":["-c"]}""", 400, "bad-request")]
    [InlineData("""{"program":"true","retries":{"count":1}}""", 400, "bad-request")]
    [InlineData("""{"program":"true","program":"false"}""", 400, "bad-request")]
    [InlineData("""{"program":"true","input":"a","inputBytes":"YQ=="}""", 400, "bad-request")]
    [InlineData("""{"program":"true","name":"taken"}""", 409, "name-taken")]
    public async Task ARequestThatIsWrongIsAProblemDocument(string body, int status, string fault)
    {
        await using WebStage web = await WebStage.StartAsync();
        await web.Jobs.RunAsync(new JobRequest("true") { Name = "taken" });
        await AssertProblemAsync(await web.SendAsync(HttpMethod.Post, "/jobs/api/jobs", body), status, fault);
        Assert.Single((await web.Jobs.ListAsync()).Jobs);
    }

    [Fact]
    public async Task AMisspeltFieldIsNamed()
    {
        await using WebStage web = await WebStage.StartAsync();
        HttpResponseMessage answer = await web.SendAsync(
            HttpMethod.Post, "/jobs/api/jobs", """{"program":"true","args":["-c"]}""");
        string detail = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!;
        Assert.StartsWith("A request has no field 'args'. It has program, ", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT", "/jobs/api/jobs/none", 404, "no-such-request")]
    [InlineData("POST", "/jobs/api/jobs/none", 404, "no-such-request")]
    [InlineData("GET", "/jobs/api/job", 404, "no-such-request")]
    [InlineData("POST", "/jobs/api/jobs", 415, "not-json")]
    public async Task ARequestThatTheApiDoesNotHaveIsAProblemDocument(
        string method, string path, int status, string fault)
    {
        await using WebStage web = await WebStage.StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = new StringContent("x=1") };
        await AssertProblemAsync(await web.Browser.SendAsync(request), status, fault);
    }

    [Fact]
    public async Task AnArgumentThatIsTooLongIsAProblemDocument()
    {
        await using WebStage web = await WebStage.StartAsync();
        string body = $$"""{"program":"true","arguments":["{{new string('x', 140_000)}}"]}""";
        await AssertProblemAsync(await web.SendAsync(HttpMethod.Post, "/jobs/api/jobs", body), 413, "too-large");
    }

    [Fact]
    public async Task InputIsTextOrBytes()
    {
        await using WebStage web = await WebStage.StartAsync();
        await web.SendAsync(
            HttpMethod.Post, "/jobs/api/jobs", """{"program":"cat","name":"text","input":"a\nü"}""");
        await web.SendAsync(
            HttpMethod.Post, "/jobs/api/jobs", """{"program":"cat","name":"bytes","inputBytes":"/wAK"}""");
        await web.Jobs.EndAsync("text");
        await web.Jobs.EndAsync("bytes");
        Assert.Equal("a\nü", await web.Jobs.TextAsync("text"));
        Assert.Equal([0xFF, 0, 0x0A], await web.Jobs.BytesAsync("bytes"));
    }

    [Fact]
    public async Task AnOutputIsPlainTextThatNothingExecutes()
    {
        await using WebStage web = await WebStage.StartAsync();
        JobInfo job = await web.Jobs.RunAsync(new JobRequest("printf", "<script>alert(1)</script>"));
        HttpResponseMessage answer = await web.Browser.GetAsync($"/jobs/api/jobs/{job.Name}/output");
        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("sandbox", policy, StringComparison.Ordinal);
        Assert.Equal("<script>alert(1)</script>", await answer.Content.ReadAsStringAsync());
        Assert.Equal("alert", (await web.Browser.GetStringAsync($"/jobs/api/jobs/{job.Name}/output?offset=8"))[..5]);
    }

    [Fact]
    public async Task AnOutputIsFollowedAsItComes()
    {
        await using WebStage web = await WebStage.StartAsync();
        string go = Path.Combine(web.Stage.Daemon.Folder, "go");
        JobInfo job = await web.Jobs.StartAsync(
            JobsExtensions.Sh($"mkfifo {go}; printf 'first \\303'; read x <{go}; printf '\\274 second'"));
        await using Stream stream = await web.Browser.GetStreamAsync($"/jobs/api/jobs/{job.Name}/output/events");
        using var reader = new StreamReader(stream);
        JsonNode first = await EventAsync(reader, "output");
        Assert.Equal("first ", (string?)first["text"]);
        await File.WriteAllTextAsync(go, "\n");
        JsonNode second = await EventAsync(reader, "output");
        Assert.Equal(("ü second", 15), ((string?)second["text"], (int)second["next"]!));
        Assert.Equal("Succeeded", (string?)(await EventAsync(reader, "over"))["status"]);
        Assert.Equal("", await reader.ReadLineAsync(Patience.Token));
        Assert.Null(await reader.ReadLineAsync(Patience.Token));

        var request = new HttpRequestMessage(HttpMethod.Get, $"/jobs/api/jobs/{job.Name}/output/events");
        request.Headers.Add("Last-Event-ID", "9");
        string resumed = await (await web.Browser.SendAsync(request)).Content.ReadAsStringAsync();
        Assert.Contains("\"second\"", resumed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangesOfTheListAreAnnouncedAsTheyCome()
    {
        await using WebStage web = await WebStage.StartAsync();
        await using Stream stream = await web.Browser.GetStreamAsync("/jobs/api/events");
        using var reader = new StreamReader(stream);
        Assert.Equal("retry: 1000", await reader.ReadLineAsync(Patience.Token));
        await web.Jobs.RunAsync(new JobRequest("true") { Name = "it" });
        string? status = null;
        while (status != "Succeeded")
        {
            JsonNode job = await EventAsync(reader, "job");
            Assert.Equal("it", (string?)job["name"]);
            status = (string?)job["status"];
        }

        await web.Jobs.ForgetAsync("it");
        Assert.Equal("it", (string?)(await EventAsync(reader, "forgotten"))["name"]);
    }

    [Fact]
    public async Task AnApplicationEndsThoughSomebodyFollows()
    {
        await using WebStage web = await WebStage.StartAsync();
        JobInfo job = await web.Jobs.StartAsync(JobsExtensions.Sh("echo up; exec sleep 1000"));
        await using Stream changes = await web.Browser.GetStreamAsync("/jobs/api/events");
        await using Stream output = await web.Browser.GetStreamAsync($"/jobs/api/jobs/{job.Name}/output?follow=true");
        Assert.Equal(1, await output.ReadAsync(new byte[1], Patience.Token));
        var started = System.Diagnostics.Stopwatch.StartNew();
        await web.StopAsync();
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(20), $"{started.Elapsed}");
    }

    [Fact]
    public async Task TheApiDescribesItself()
    {
        await using WebStage web = await WebStage.StartAsync();
        JsonNode document = await web.JsonAsync("/jobs/openapi/daemonproxy-jobs.json");
        Assert.StartsWith("3.1", (string?)document["openapi"], StringComparison.Ordinal);
        string[] paths =
            [.. document["paths"]!.AsObject().Select(static path => path.Key).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "/jobs/api/access", "/jobs/api/counts", "/jobs/api/events", "/jobs/api/fleet", "/jobs/api/jobs",
                "/jobs/api/jobs/{name}", "/jobs/api/jobs/{name}/again", "/jobs/api/jobs/{name}/output",
                "/jobs/api/jobs/{name}/output/events", "/jobs/api/jobs/{name}/request", "/jobs/api/jobs/{name}/stop",
            ],
            paths);
        JsonNode schemas = document["components"]!["schemas"]!;
        Assert.Contains("Running", schemas["JobStatus"]!["enum"]!.AsArray().Select(static word => (string?)word));
        Assert.NotNull(schemas["RequestView"]!["properties"]!["arguments"]);
        Assert.Equal(
            HttpStatusCode.NotFound, (await web.Browser.GetAsync("/jobs/openapi/v1.json")).StatusCode);
    }

    [Fact]
    public async Task JobsOfOneMachineHaveNoFleet()
    {
        await using WebStage web = await WebStage.StartAsync();
        Assert.False((bool)(await web.JsonAsync("/jobs/api/access"))["hasFleet"]!);
        using HttpResponseMessage answer = await web.Browser.GetAsync("/jobs/api/fleet");
        await AssertProblemAsync(answer, 404, "no-fleet");
    }

    internal static async Task AssertProblemAsync(HttpResponseMessage answer, int status, string fault)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        JsonNode problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(fault, (string?)problem["fault"]);
        Assert.EndsWith(".", (string?)problem["detail"], StringComparison.Ordinal);
    }

    private static string[] Names(JsonNode page) =>
        [.. page["jobs"]!.AsArray().Select(static job => (string)job!["name"]!)];

    // The data of the next event, which is of that name.
    private static async Task<JsonNode> EventAsync(StreamReader reader, string name)
    {
        string? heard = null;
        while (await reader.ReadLineAsync(Patience.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                heard = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                Assert.Equal(name, heard);
                return JsonNode.Parse(line[6..])!;
            }
        }

        throw new InvalidOperationException($"the stream ended before {name}");
    }
}
