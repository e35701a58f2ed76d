using System.Threading.Tasks;
using Daemonproxy.Fleet.Tests.Harness;
using Microsoft.Playwright;
using Xunit;
using static Daemonproxy.Fleet.Tests.Harness.TestFleet;

namespace Daemonproxy.Jobs.Browser.Tests;

/// <summary>The page, where the jobs run on a fleet.</summary>
public sealed class FleetPageTests
{
    [BrowserFact]
    public async Task MachinesQueuesJobsAndLagAreShownAndFollowed()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(2, null, "--places", "1", "--lease", "6");
        await using FleetWeb web = await FleetWeb.StartAsync(fleet);
        await using Browser browser = await Browser.OpenAsync(web.Address);
        IPage page = browser.Page;
        await browser.SeesAsync("#machines-caption", "2 machines with 2 places");
        for (int i = 0; i < 3; i++)
        {
            await fleet.Jobs.StartAsync(Shell("echo hello; exec sleep 60", $"j{i}"));
        }

        await browser.SeesAsync("#machines tbody tr:nth-child(1)", "a0");
        await browser.SeesAsync("#machines tbody tr:nth-child(2)", "1 of 1");
        await browser.SeesAsync("#queues", "default");
        ILocator lag = page.Locator("#queues tbody td[data-label=Lag]");
        await Assertions.Expect(lag).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[0-9.]+ s$"));
        await browser.SeesAsync("#caption", "2 running");

        await browser.ChooseAsync("j0");
        await browser.SeesAsync("#output", "hello");
        await browser.SeesAsync("#facts", "Machine");
        await browser.SeesAsync("#facts", $"{(await fleet.RunningAsync("j0")).Fence}");
        await page.ClickAsync("#stop");
        await browser.SeesAsync("#facts", "stopped");
        Assert.Equal("j2", (await fleet.RunningAsync("j2")).Name);
        await browser.SeesAsync("#queues tbody td[data-label=Waiting]", "0");

        // One is lost, with what it runs.
        await fleet.Machines[1].DisposeAsync();
        fleet.Machines.RemoveAt(1);
        await browser.SeesAsync("#machines tbody tr.bad", "lost");
        await browser.SeesAsync("#machines-caption", "2 machines with 1 places");
        Assert.Empty(browser.Errors);
    }

    [BrowserFact]
    public async Task TheTextsOfMachinesAreShownAsTextAndFitAPhone()
    {
        const string evil = "<img src=x onerror=alert(1)>";
        await using TestFleet fleet = await TestFleet.StartAsync(1, null, "--lease", "20");
        await fleet.Redis.CallAsync("ZADD", $"{Prefix}:returned", "7", evil);
        await fleet.Redis.CallAsync("HSET", $"{Prefix}:job:{evil}", "why", $"{evil} a very long reason {evil}");
        await using FleetWeb web = await FleetWeb.StartAsync(fleet);
        await using Browser browser = await Browser.OpenAsync(web.Address, 360, 640);
        IPage page = browser.Page;
        await browser.SeesAsync("#returned tbody", evil);
        await browser.SeesAsync("#returned tbody", "7");
        await browser.SeesAsync("#machines tbody", "a0");
        Assert.Equal(0, await page.Locator("#fleet img").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"));

        // A reader hears rows and headers.
        ILocator table = page.GetByRole(
            AriaRole.Table, new PageGetByRoleOptions { Name = "Jobs that machines gave back" });
        await Assertions.Expect(table.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(evil);
        Assert.Empty(browser.Errors);
    }
}
