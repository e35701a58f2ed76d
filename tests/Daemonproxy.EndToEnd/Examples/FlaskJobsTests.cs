using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Tasks;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Examples;

/// <summary>The example examples/flask-jobs as it is started by a reader: one command.</summary>
public sealed class FlaskJobsTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    [FlaskFact]
    public async Task AFileIsPackedInTheBackground()
    {
        using Scratch scratch = new();
        int port = FreePort();
        using Process run = Start(scratch["work"], port);
        Task<string> log = run.StandardError.ReadToEndAsync();
        _ = run.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await UntilAsync(run, async () => (await client.GetAsync("/")).StatusCode == HttpStatusCode.OK);

        string name = await UploadAsync(client, "<b>notes.txt", new byte[100_000]);
        Assert.Contains("file=&lt;b&gt;notes.txt", await client.GetStringAsync("/"), StringComparison.Ordinal);
        string said = await client.GetStringAsync($"/jobs/{name}/output");
        Assert.Contains("(stdin)", said, StringComparison.Ordinal);
        using (JsonDocument shown = JsonDocument.Parse(await client.GetStringAsync($"/jobs/{name}")))
        {
            Assert.Equal("exit code 0", shown.RootElement.GetProperty("how").GetString());
        }

        byte[] result = await client.GetByteArrayAsync($"/jobs/{name}/result");
        Assert.Equal([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], result[..6]);
        Assert.Equal(HttpStatusCode.Redirect, (await client.PostAsync($"/jobs/{name}/stop", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await client.PostAsync($"/jobs/{name}/forget", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/jobs/{name}")).StatusCode);
        Assert.Empty(Directory.GetFiles(scratch["work/results"]));
        Assert.Empty(Directory.GetFiles(scratch["work/jobs"]));

        // Both end with the script.
        using Process kill = Process.Start("/bin/kill", ["-TERM", $"{run.Id}"]);
        await run.WaitForExitAsync().WaitAsync(_patience);
        Assert.True(run.ExitCode == 143, await log);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/"));
    }

    private static Process Start(string work, int port)
    {
        var start = new ProcessStartInfo(Path.Combine(ExampleFolder.Root(), "examples", "flask-jobs", "run.sh"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["WORK"] = work;
        start.Environment["PORT"] = $"{port}";
        start.Environment["DAEMONPROXY"] = Binary.Path;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return Process.Start(start)!;
    }

    // The name of the job, which is the only one that the page links.
    private static async Task<string> UploadAsync(HttpClient client, string name, byte[] file)
    {
        using var content = new MultipartFormDataContent();
        content.Add(new ByteArrayContent(file), "file", name);
        using HttpResponseMessage answer = await client.PostAsync("/files", content);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        string page = await client.GetStringAsync("/");
        int start = page.IndexOf("/jobs/", StringComparison.Ordinal) + "/jobs/".Length;
        return page[start..page.IndexOf('/', start)];
    }

    private static async Task UntilAsync(Process run, Func<Task<bool>> isSo)
    {
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if (await isSo())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            Assert.False(run.HasExited, "run.sh has ended");
            Assert.True(Stopwatch.GetElapsedTime(begin) < _patience, "it takes too long");
            await Task.Delay(100);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Skipped where Flask or xz is not installed.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class FlaskFactAttribute : FactAttribute
    {
        private static readonly Lazy<string?> _obstacle = new(Find);

        public FlaskFactAttribute() => Skip = _obstacle.Value!;

        private static string? Find()
        {
            using ChildProcess child = new Launch("/usr/bin/env", "python3", "-c", "import flask").Start();
            return child.AwaitExit().Status == 0 && File.Exists("/usr/bin/xz")
                ? null
                : "python3-flask or xz is not installed";
        }
    }
}
