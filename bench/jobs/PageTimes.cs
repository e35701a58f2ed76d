using System;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Playwright;

namespace Daemonproxy.JobsBench;

/// <summary>The page of the jobs in Chromium.</summary>
internal static class PageTimes
{
    private const string Chromium = "/usr/bin/chromium";

    // In milliseconds since the navigation began: the first paint with content, and the first row that is painted.
    private const string Times = """
        async () => {
            await new Promise(done => {
                const look = () => document.querySelector('#rows tr')
                    ? requestAnimationFrame(() => setTimeout(done, 0)) : requestAnimationFrame(look);
                look();
            });
            const rows = performance.now();
            const paint = performance.getEntriesByName('first-contentful-paint')[0].startTime;
            return [paint, rows];
        }
        """;

    public static async Task PrintAsync(Uri page, int rounds)
    {
        if (!File.Exists(Chromium))
        {
            Console.WriteLine($"  {Chromium} is missing: the page is not measured (Debian: chromium).");
            return;
        }

        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu"],
        });
        Latencies paints = new();
        Latencies rows = new();
        for (int round = 0; round < rounds; round++)
        {
            await using IBrowserContext context = await browser.NewContextAsync();
            IPage tab = await context.NewPageAsync();
            await tab.GotoAsync(page.ToString(), new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
            double[] times = await tab.EvaluateAsync<double[]>(Times);
            paints.Add(TimeSpan.FromMilliseconds(times[0]));
            rows.Add(TimeSpan.FromMilliseconds(times[1]));
        }

        Console.WriteLine($"  {"first contentful paint",-26} {paints}");
        Console.WriteLine($"  {"the list is painted",-26} {rows}");
    }
}
