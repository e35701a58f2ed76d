using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Threading.Tasks;
using Daemonproxy.Jobs.Tests.Harness;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Daemonproxy.Jobs.Tests.Web;

/// <summary>The users of the page and the API, and the rights of the page.</summary>
public sealed class AccessTests
{
    private const string Start = """{"program":"true"}""";

    public static TheoryData<string> Paths =>
    [
        "/jobs/", "/jobs/jobs.js", "/jobs/jobs.css", "/jobs/api/jobs", "/jobs/api/counts", "/jobs/api/access",
        "/jobs/api/jobs/it", "/jobs/api/jobs/it/request", "/jobs/api/jobs/it/output", "/jobs/api/events",
        "/jobs/api/jobs/it/output/events", "/jobs/openapi/daemonproxy-jobs.json",
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task NobodyMayAnythingUntilThatIsSaid(string path)
    {
        await using WebStage web = await WebStage.StartAsync(static app => app.MapDaemonproxyJobs("/jobs"));
        await web.Jobs.RunAsync(new JobRequest("true") { Name = "it" });
        await ApiTests.AssertProblemAsync(await web.Browser.GetAsync(path), 403, "nobody-may");
        await ApiTests.AssertProblemAsync(
            await web.SendAsync(HttpMethod.Post, "/jobs/api/jobs", Start), 403, "nobody-may");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task APolicyHoldsForEverything(string path)
    {
        await using WebStage web = await StartAsync(mayStart: null);
        await web.Jobs.RunAsync(new JobRequest("true") { Name = "it" });
        Assert.Equal(HttpStatusCode.Unauthorized, (await web.Browser.GetAsync(path)).StatusCode);
        web.Browser.DefaultRequestHeaders.Add("User", "viewer");
        using var answer = await web.Browser.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task ArgumentsAndChangesAreForThoseWhoMayStart()
    {
        await using WebStage web = await StartAsync(mayStart: "operators");
        await web.Jobs.RunAsync(new JobRequest("true", "secret") { Name = "it" });
        web.Browser.DefaultRequestHeaders.Add("User", "viewer");
        Assert.False((bool)(await web.JsonAsync("/jobs/api/access"))["mayStart"]!);
        string[] seen =
        [
            await web.Browser.GetStringAsync("/jobs/api/jobs"), await web.Browser.GetStringAsync("/jobs/api/jobs/it"),
        ];
        Assert.All(seen, static text => Assert.DoesNotContain("secret", text, StringComparison.Ordinal));
        HttpResponseMessage[] refused =
        [
            await web.Browser.GetAsync("/jobs/api/jobs/it/request"),
            await web.SendAsync(HttpMethod.Post, "/jobs/api/jobs", Start),
            await web.SendAsync(HttpMethod.Post, "/jobs/api/jobs/it/stop"),
            await web.SendAsync(HttpMethod.Post, "/jobs/api/jobs/it/again"),
            await web.SendAsync(HttpMethod.Delete, "/jobs/api/jobs/it"),
        ];
        foreach (HttpResponseMessage answer in refused)
        {
            await ApiTests.AssertProblemAsync(answer, 403, "may-not-start");
        }

        web.Browser.DefaultRequestHeaders.Remove("User");
        web.Browser.DefaultRequestHeaders.Add("User", "operator");
        Assert.True((bool)(await web.JsonAsync("/jobs/api/access"))["mayStart"]!);
        Assert.Contains(
            "secret", await web.Browser.GetStringAsync("/jobs/api/jobs/it/request"), StringComparison.Ordinal);
        HttpResponseMessage started = await web.SendAsync(HttpMethod.Post, "/jobs/api/jobs", Start);
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
    }

    [Fact]
    public async Task AFormOfAnotherSiteChangesNothing()
    {
        await using WebStage web = await WebStage.StartAsync();
        await web.Jobs.RunAsync(new JobRequest("true") { Name = "it" });
        using var json = new StringContent(Start, Encoding.UTF8, "application/json");
        HttpResponseMessage[] refused =
        [
            await web.Browser.PostAsync("/jobs/api/jobs", json),
            await web.Browser.PostAsync("/jobs/api/jobs/it/again", null),
            await web.Browser.PostAsync("/jobs/api/jobs/it/stop", null),
            await web.Browser.DeleteAsync("/jobs/api/jobs/it"),
        ];
        foreach (HttpResponseMessage answer in refused)
        {
            await ApiTests.AssertProblemAsync(answer, 400, "header-missing");
        }

        Assert.Single((await web.Jobs.ListAsync()).Jobs);
    }

    [Fact]
    public async Task ThePageRunsItsOwnScriptAndNothingElse()
    {
        await using WebStage web = await WebStage.StartAsync();
        HttpResponseMessage page = await web.Browser.GetAsync("/jobs");
        Assert.Equal("/jobs/", page.RequestMessage!.RequestUri!.AbsolutePath);
        string policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("DENY", page.Headers.GetValues("X-Frame-Options").Single());
        string html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\son\w+\s*=", html);
        string script = await web.Browser.GetStringAsync("/jobs/jobs.js");
        Assert.DoesNotContain("innerHTML", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePageWorksBelowAPath()
    {
        await using WebStage web = await WebStage.StartAsync(static app =>
        {
            app.UsePathBase("/base");
            app.UseRouting();
            app.MapDaemonproxyJobs("/a/b").AllowAnonymous();
        });
        HttpResponseMessage page = await web.Browser.GetAsync("/base/a/b");
        Assert.Equal("/base/a/b/", page.RequestMessage!.RequestUri!.AbsolutePath);
        HttpResponseMessage started = await web.SendAsync(HttpMethod.Post, "/base/a/b/api/jobs", Start);
        Assert.StartsWith("/base/a/b/api/jobs/", started.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    private static Task<WebStage> StartAsync(string? mayStart) => WebStage.StartAsync(
        app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapDaemonproxyJobs("/jobs", mayStart).RequireAuthorization();
        },
        static services =>
        {
            services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, HeaderScheme>("header", null);
            services.AddAuthorization(static options => options.AddPolicy(
                "operators", static policy => policy.RequireRole("operator")));
        });

    // A user is who the header says.
    private sealed class HeaderScheme(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            string? user = Request.Headers["User"];
            if (user is null)
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var identity = new ClaimsIdentity([new Claim(ClaimTypes.Role, user)], "header");
            return Task.FromResult(AuthenticateResult.Success(
                new AuthenticationTicket(new ClaimsPrincipal(identity), "header")));
        }
    }
}
