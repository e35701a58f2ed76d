using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Jobs.Tests.Harness;
using Microsoft.Playwright;
using Xunit;
using static Daemonproxy.Jobs.Tests.Harness.JobsExtensions;

namespace Daemonproxy.Jobs.Browser.Tests;

/// <summary>The page of the jobs, as people use it.</summary>
public sealed class PageTests
{
    [BrowserFact]
    public async Task AJobIsStartedFollowedStoppedAndStartedAgain()
    {
        await using WebStage web = await WebStage.StartAsync();
        await using Browser browser = await Browser.OpenAsync(web);
        IPage page = browser.Page;
        string go = Path.Combine(web.Stage.Daemon.Folder, "go");
        await page.ClickAsync("#open-start");
        await page.FillAsync("[name=program]", "/bin/sh");
        await page.FillAsync("[name=arguments]", $"-c\nmkfifo {go}; echo one; read x <{go}; echo two; exec sleep 1000");
        await page.FillAsync("[name=name]", "mine");
        await page.FillAsync("[name=tags]", "user=7");
        await page.ClickAsync("#start-form button[type=submit]");
        await browser.SeesAsync("#detail-name", "mine");
        await browser.SeesAsync("#output", "one");
        await File.WriteAllTextAsync(go, "\n");
        await browser.SeesAsync("#output", "two");
        await browser.SeesAsync("#rows", "running");
        await browser.SeesAsync("#facts", "user=7");
        await browser.SeesAsync("#facts", "mkfifo");
        await Assertions.Expect(page.Locator("#reach")).ToBeVisibleAsync();

        await page.ClickAsync("#stop");
        await browser.SeesAsync("#facts", "stopped: SIGTERM");
        await browser.SeesAsync("#output-state", "That is all of it.");
        await page.ClickAsync("#again");
        await Assertions.Expect(page.Locator("#detail-name")).Not.ToHaveTextAsync("mine");
        await Assertions.Expect(page.Locator("#rows tr")).ToHaveCountAsync(2);
        Assert.Empty(browser.Errors);
    }

    [BrowserFact]
    public async Task AChangeIsShownThatComesWhileAJobIsBeingChosen()
    {
        await using WebStage web = await WebStage.StartAsync();
        string ready = Path.Combine(web.Stage.Daemon.Folder, "ready");
        await web.Jobs.StartAsync(
            new JobRequest("/bin/sh", "-c", $"trap '' TERM; : >{ready}; while :; do sleep 1; done") { Name = "mine" });
        while (!File.Exists(ready))
        {
            await Task.Delay(20);
        }

        await using Browser browser = await Browser.OpenAsync(web);
        await browser.SeesAsync("#rows", "running");
        var isAsked = new TaskCompletionSource<IRoute>();
        await browser.Page.RouteAsync("**/jobs/mine/request", isAsked.SetResult);
        await browser.ChooseAsync("mine");
        IRoute request = await isAsked.Task;
        await web.Jobs.StopAsync("mine", TimeSpan.FromHours(1));
        await browser.SeesAsync("#rows", "being stopped");
        await request.ContinueAsync();
        await browser.SeesAsync("#detail-name", "mine");
        Assert.Contains("being stopped", await browser.Page.TextContentAsync("#facts"), StringComparison.Ordinal);
        Assert.Empty(browser.Errors);
    }

    [BrowserFact]
    public async Task ChangesAreShownThatComeWhileTheListIsLoaded()
    {
        await using WebStage web = await WebStage.StartAsync();
        await web.Jobs.StartAsync(new JobRequest("sleep", "1000") { Name = "changed" });
        await web.Jobs.RunAsync(new JobRequest("true") { Name = "forgotten" });
        await using Browser browser = await Browser.OpenAsync(web);
        await browser.SeesAsync("#caption", "2 jobs");
        var isAsked = new TaskCompletionSource<IRoute>();
        await browser.Page.RouteAsync("**/api/jobs?*", isAsked.SetResult);
        await browser.Page.EvaluateAsync("() => { load(); }");
        IRoute list = await isAsked.Task;
        IAPIResponse answer = await list.FetchAsync();
        await web.Jobs.RunAsync(new JobRequest("true") { Name = "new" });
        await web.Jobs.StopAsync("changed", TimeSpan.Zero);
        await web.Jobs.ForgetAsync("forgotten");
        await browser.SeesAsync("#rows", "new");
        await browser.SeesAsync("#rows", "SIGTERM");
        await Assertions.Expect(browser.Page.Locator("#rows")).Not.ToContainTextAsync("forgotten");
        await list.FulfillAsync(new RouteFulfillOptions { Response = answer });
        await browser.Page.WaitForFunctionAsync("state.changes === null");
        string rows = string.Join(' ', await browser.Page.Locator("#rows button").AllTextContentsAsync());
        Assert.Equal("new changed", rows);
        await browser.SeesAsync("#rows", "SIGTERM");
        Assert.Empty(browser.Errors);
    }

    [BrowserFact]
    public async Task JobsWhoseEventsComeInAnotherOrderHaveTheirPlaces()
    {
        await using WebStage web = await WebStage.StartAsync();
        await using Browser browser = await Browser.OpenAsync(web);
        await browser.SeesAsync("#caption", "none yet");
        await browser.Page.EvaluateAsync(
            """
            for (const sequence of [2, 1, 4, 3]) {
              const job = { status: "Queued", program: "true", queue: "default", tags: {} };
              change({ ...job, name: `job${sequence}`, sequence });
            }
            """);
        string rows = string.Join(' ', await browser.Page.Locator("#rows button").AllTextContentsAsync());
        Assert.Equal("job4 job3 job2 job1", rows);
        Assert.Empty(browser.Errors);
    }

    [BrowserFact]
    public async Task AJobThatIsOverIsForgotten()
    {
        await using WebStage web = await WebStage.StartAsync();
        await web.Jobs.RunAsync(new JobRequest("false") { Name = "over" });
        await using Browser browser = await Browser.OpenAsync(web);
        await browser.ChooseAsync("over");
        await browser.SeesAsync("#facts", "failed: exit 1");
        await browser.Page.ClickAsync("#forget");
        await Assertions.Expect(browser.Page.Locator("#rows tr")).ToHaveCountAsync(0);
        await Assertions.Expect(browser.Page.Locator("#detail")).ToBeHiddenAsync();
        Assert.Empty(browser.Errors);
    }

    [BrowserFact]
    public async Task AListIsFiltered()
    {
        await using WebStage web = await WebStage.StartAsync();
        for (int number = 0; number < 6; number++)
        {
            await web.Jobs.RunAsync(new JobRequest(number < 2 ? "false" : "true")
            {
                Name = $"job{number}",
                Queue = number % 2 == 0 ? "even" : "odd",
            });
        }

        await using Browser browser = await Browser.OpenAsync(web);
        ILocator rows = browser.Page.Locator("#rows tr");
        await Assertions.Expect(rows).ToHaveCountAsync(6);
        await browser.Page.SelectOptionAsync("#status", "Failed");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await browser.Page.FillAsync("#queue", "even");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await browser.Page.SelectOptionAsync("#status", "");
        await browser.Page.FillAsync("#queue", "");
        await browser.Page.FillAsync("#text", "JOB4");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await browser.SeesAsync("#rows", "job4");
    }

    [BrowserFact]
    public async Task NoScriptOfAJobEverRuns()
    {
        await using WebStage web = await WebStage.StartAsync();
        const string evil = "<img src=x onerror=alert(1)><script>alert(2)</script>";
        JobInfo job = await web.Jobs.RunAsync(new JobRequest("printf", "%s", evil)
        {
            Name = "evil",
            Tags = new Dictionary<string, string> { ["x"] = evil },
        });
        await web.Jobs.RunAsync(new JobRequest(evil) { Name = "program" });
        await using Browser browser = await Browser.OpenAsync(web);
        await browser.SeesAsync("#rows", evil);
        await browser.ChooseAsync("evil");
        await browser.SeesAsync("#output", evil);
        await browser.SeesAsync("#facts", evil);
        Assert.Equal(0, await browser.Page.Locator("main img, main script").CountAsync());
        await browser.ChooseAsync("program");
        await browser.SeesAsync("#facts", "ENOENT");
        Assert.Empty(browser.Errors);

        await browser.Page.GotoAsync(new Uri(web.Address, $"/jobs/api/jobs/{job.Name}/output").ToString());
        Assert.Equal(0, await browser.Page.Locator("img, script").CountAsync());
        Assert.Empty(browser.Errors);
    }

    [BrowserFact]
    public async Task EverythingIsReachedByTheKeyboard()
    {
        await using WebStage web = await WebStage.StartAsync();
        await web.Jobs.RunAsync(new JobRequest("echo", "hello") { Name = "only" });
        await using Browser browser = await Browser.OpenAsync(web);
        IPage page = browser.Page;
        await browser.SeesAsync("#rows", "only");
        await TabToAsync(page, "only");
        await page.Keyboard.PressAsync("Enter");
        await browser.SeesAsync("#output", "hello");
        Assert.Equal("detail-name", await FocusedAsync(page, "id"));
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#detail")).ToBeHiddenAsync();
        Assert.Equal("only", await FocusedAsync(page, "textContent"));
        await page.FocusAsync("body");
        await TabToAsync(page, "Start a job…");
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("start-title", await FocusedAsync(page, "id"));
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("true");
        await page.Keyboard.PressAsync("Enter");
        await browser.SeesAsync("#facts", "succeeded");
    }

    [BrowserFact]
    public async Task ANarrowScreenShowsEverything()
    {
        await using WebStage web = await WebStage.StartAsync();
        await web.Jobs.RunAsync(new JobRequest("/usr/bin/printf", new string('x', 300)) { Name = "wide" });
        await using Browser browser = await Browser.OpenAsync(web, width: 360, height: 640);
        await browser.ChooseAsync("wide");
        await browser.SeesAsync("#output", "xxx");
        int[] widths = await browser.Page.EvaluateAsync<int[]>(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]");
        Assert.Equal(widths[1], widths[0]);
    }

    [BrowserFact]
    public async Task ARestartOfTheApplicationIsSurvived()
    {
        JobsStage stage = await JobsStage.StartAsync();
        WebStage first = await WebStage.StartAsync(stage: stage);
        string url = first.Address.ToString();
        string go = Path.Combine(stage.Daemon.Folder, "go");
        await first.Jobs.StartAsync(new JobRequest("/bin/sh", "-c", $"mkfifo {go}; echo one; read x <{go}; echo two")
        {
            Name = "long",
        });
        await using Browser browser = await Browser.OpenAsync(first);
        await browser.ChooseAsync("long");
        await browser.SeesAsync("#output", "one");
        await first.StopAsync();
        await browser.SeesAsync("#link", "The connection is lost");
        await using WebStage second = await WebStage.StartAsync(stage: stage, url: url);
        await browser.SeesAsync("#link", "Live");
        await File.WriteAllTextAsync(go, "\n");
        await browser.SeesAsync("#output", "two");
        await browser.SeesAsync("#facts", "succeeded");
        Assert.Equal("one\ntwo\n", await browser.Page.TextContentAsync("#output"));
    }

    [BrowserFact]
    public async Task FiveThousandJobsAreListedWithoutAStall()
    {
        await using WebStage web = await WebStage.StartAsync();
        await FillAsync(web, 5000);
        Assert.Equal(5000, (await web.Jobs.CountAsync()).Values.Sum());
        await using Browser browser = await Browser.OpenAsync(web);
        IPage page = browser.Page;
        await browser.SeesAsync("#caption", "5000 jobs");

        // The longest task of the page, while all of the list is scrolled through; tests share their processors.
        await page.EvaluateAsync(
            "window.longest = 0; new PerformanceObserver(list => list.getEntries().forEach("
            + "entry => { window.longest = Math.max(window.longest, entry.duration); }))"
            + ".observe({ entryTypes: ['longtask'] }); 0");
        ILocator rows = page.Locator("#rows tr");
        while (await page.IsVisibleAsync("#more"))
        {
            int before = await rows.CountAsync();
            await page.EvaluateAsync("window.scrollTo(0, document.body.scrollHeight)");
            await page.WaitForFunctionAsync(
                "before => document.querySelectorAll('#rows tr').length > before", before);
        }

        Assert.Equal(5000, await rows.CountAsync());
        double longest = await page.EvaluateAsync<double>("window.longest");
        Assert.True(longest < 2000, $"the page stood still for {longest} ms");
    }

    // They wait behind one that runs for long, so that nothing else changes the list.
    private static async Task FillAsync(WebStage web, int count)
    {
        for (int number = 0; number < 4; number++)
        {
            await web.Jobs.UntilRunsAsync((await web.Jobs.StartAsync(Sh("exec sleep 1000"))).Name);
        }

        await Parallel.ForEachAsync(
            Enumerable.Range(4, count - 4),
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (_, cancellation) => await web.Jobs.StartAsync(new JobRequest("true"), cancellation));
    }

    private static async Task TabToAsync(IPage page, string text)
    {
        for (int count = 0; count < 40; count++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await FocusedAsync(page, "textContent") == text)
            {
                return;
            }
        }

        Assert.Fail($"no TAB leads to {text}");
    }

    private static Task<string?> FocusedAsync(IPage page, string property) =>
        page.EvaluateAsync<string?>($"document.activeElement.{property}");
}
