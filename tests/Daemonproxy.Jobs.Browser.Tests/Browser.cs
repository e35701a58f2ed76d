using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Daemonproxy.Jobs.Tests.Harness;
using Microsoft.Playwright;

namespace Daemonproxy.Jobs.Browser.Tests;

/// <summary>A page in Chromium, with what went wrong in it.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const float PatienceInMilliseconds = 60_000;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser, IPage page)
    {
        _playwright = playwright;
        _browser = browser;
        Page = page;
        page.PageError += (_, text) => Errors.Add(text);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("ERR_", StringComparison.Ordinal))
            {
                Errors.Add(message.Text);
            }
        };
        page.Dialog += (_, dialog) => Errors.Add($"a script ran: {dialog.Message}");
    }

    public IPage Page { get; }

    /// <summary>Exceptions, refusals of the content security policy, and dialogs.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Opens the page of the jobs.</summary>
    public static Task<Browser> OpenAsync(WebStage web, int width = 1200, int height = 800) =>
        OpenAsync(web.Address, width, height);

    /// <summary>Opens the page of the jobs of an application.</summary>
    public static async Task<Browser> OpenAsync(Uri application, int width = 1200, int height = 800)
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = BrowserFactAttribute.Chromium,
            Args = ["--no-sandbox", "--disable-gpu"],
        });
        IPage page = await browser.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        page.SetDefaultTimeout(PatienceInMilliseconds);
        Assertions.SetDefaultExpectTimeout(PatienceInMilliseconds);
        var opened = new Browser(playwright, browser, page);
        await page.GotoAsync(new Uri(application, "/jobs/").ToString());
        await opened.SeesAsync("#link", "Live");
        return opened;
    }

    /// <summary>Waits until an element has a text in it.</summary>
    public Task SeesAsync(string selector, string text) =>
        Assertions.Expect(Page.Locator(selector)).ToContainTextAsync(text);

    /// <summary>Presses the button that has the name of a job.</summary>
    public Task ChooseAsync(string job) =>
        Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = job, Exact = true }).ClickAsync();

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
