using System;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading.Tasks;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Examples;

/// <summary>The example examples/web-jobs as it is started by a reader: one command.</summary>
public sealed class WebJobsTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    [GraphicsMagickFact]
    public async Task APictureBecomesAThumbnail()
    {
        using Scratch scratch = new();
        string address = $"http://127.0.0.1:{FreePort()}";
        using Process run = Start(scratch["work"], address);
        Task<string> log = run.StandardError.ReadToEndAsync();
        _ = run.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(address) };
        await UntilAsync(run, async () => (await client.GetAsync("/")).StatusCode == HttpStatusCode.OK);

        Uri good = await UploadAsync(client, Picture());
        HttpResponseMessage shown = null!;
        await UntilAsync(run, async () =>
            (shown = await client.GetAsync(good)).Content.Headers.ContentType?.MediaType == "image/jpeg");
        byte[] thumbnail = await shown.Content.ReadAsByteArrayAsync();
        Assert.Equal([0xFF, 0xD8], thumbnail[..2]);

        Uri bad = await UploadAsync(client, "no picture"u8.ToArray());
        await UntilAsync(run, async () =>
            (shown = await client.GetAsync(bad)).StatusCode == HttpStatusCode.UnprocessableEntity);
        Assert.Equal("Failed: exit code 1", await shown.Content.ReadAsStringAsync());
        string jobs = await client.GetStringAsync("/jobs/api/jobs");
        Assert.Contains("\"queue\":\"thumbnails\"", jobs, StringComparison.Ordinal);

        // Both end with the script.
        using Process kill = Process.Start("/bin/kill", ["-TERM", $"{run.Id}"]);
        await run.WaitForExitAsync().WaitAsync(_patience);
        Assert.True(run.ExitCode == 143, await log);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/"));
    }

    private static Process Start(string work, string address)
    {
        var start = new ProcessStartInfo(Path.Combine(ExampleFolder.Root(), "examples", "web-jobs", "run.sh"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["WORK"] = work;
        start.Environment["URLS"] = address;
        start.Environment["DAEMONPROXY"] = Binary.Path;
        return Process.Start(start)!;
    }

    private static async Task<Uri> UploadAsync(HttpClient client, byte[] picture)
    {
        using var content = new MultipartFormDataContent();
        content.Add(new ByteArrayContent(picture), "picture", "../../x.png");
        using HttpResponseMessage answer = await client.PostAsync("/thumbnails", content);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!;
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

    // A PNG of 300 by 300 pixels, grey.
    private static byte[] Picture()
    {
        const int size = 300;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
        {
            zlib.Write(new byte[size * (size + 1)]);
        }

        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(png, "IHDR"u8, [0, 0, size >> 8, size & 0xFF, 0, 0, size >> 8, size & 0xFF, 8, 0, 0, 0, 0]);
        Chunk(png, "IDAT"u8, packed.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> name, byte[] data)
    {
        byte[] body = [.. name, .. data];
        uint crc = uint.MaxValue;
        foreach (byte one in body)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        Number(png, (uint)data.Length);
        png.Write(body);
        Number(png, ~crc);
    }

    private static void Number(MemoryStream png, uint number) =>
        png.Write([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    /// <summary>Skipped where GraphicsMagick is not installed.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class GraphicsMagickFactAttribute : FactAttribute
    {
        public GraphicsMagickFactAttribute() => Skip = File.Exists("/usr/bin/gm") ? null! : "there is no gm";
    }
}
