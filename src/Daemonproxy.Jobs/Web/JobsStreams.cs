using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Daemonproxy.Jobs.Web;

/// <summary>Streams that last until a job or the application ends: outputs, and changes of the list.</summary>
internal static class JobsStreams
{
    private const int ChunkSize = 32 * 1024;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/api/jobs/{name}/output", SendOutputAsync)
            .WithName("GetJobOutput")
            .WithSummary("The output of a job, as text/plain; with `follow=true` until the job is over")
            .Produces(200, contentType: "text/plain").ProducesProblem(404).ProducesProblem(410);
        group.MapGet("/api/jobs/{name}/output/events", SendOutputEventsAsync)
            .WithName("FollowJobOutput")
            .WithSummary("The output of a job, as server-sent events `output`, and `over` at its end")
            .Produces(200, contentType: "text/event-stream").ProducesProblem(404).ProducesProblem(410);
        group.MapGet("/api/events", SendChangesAsync)
            .WithName("FollowJobs")
            .WithSummary("Changes of jobs, as server-sent events `job` and `forgotten`")
            .Produces(200, contentType: "text/event-stream");
    }

    private static async Task<IResult> SendOutputAsync(
        string name, HttpContext context, IJobs jobs, IHostApplicationLifetime lifetime)
    {
        using CancellationTokenSource end = EndOf(context, lifetime);
        bool follow = string.Equals(context.Request.Query["follow"], "true", StringComparison.OrdinalIgnoreCase);
        long offset = JobsApi.NumberOf(context.Request, "offset") ?? 0;
        await using Stream output = await jobs.OpenOutputAsync(name, offset, follow, end.Token).ConfigureAwait(false);
        context.Response.ContentType = "text/plain; charset=utf-8";
        byte[] chunk = new byte[ChunkSize];
        await IgnoreEndAsync(async () =>
        {
            int count;
            while ((count = await output.ReadAsync(chunk, end.Token).ConfigureAwait(false)) > 0)
            {
                await context.Response.Body.WriteAsync(chunk.AsMemory(0, count), end.Token).ConfigureAwait(false);
                if (follow)
                {
                    await context.Response.Body.FlushAsync(end.Token).ConfigureAwait(false);
                }
            }
        }).ConfigureAwait(false);
        return TypedResults.Empty;
    }

    private static async Task<IResult> SendOutputEventsAsync(
        string name, HttpContext context, IJobs jobs, IHostApplicationLifetime lifetime)
    {
        using CancellationTokenSource end = EndOf(context, lifetime);
        long offset = ResumedAt(context.Request) ?? JobsApi.NumberOf(context.Request, "offset") ?? 0;
        await using Stream output =
            await jobs.OpenOutputAsync(name, offset, follow: true, end.Token).ConfigureAwait(false);
        var events = new EventWriter(context.Response, end.Token);
        await IgnoreEndAsync(async () =>
        {
            await events.BeginAsync().ConfigureAwait(false);
            await SendPiecesAsync(output, offset, events, end.Token).ConfigureAwait(false);
            JobInfo? job = await jobs.FindAsync(name, end.Token).ConfigureAwait(false);
            if (job is not null)
            {
                await events.SendAsync("over", JobView.Of(job), JobsJson.Default.JobView).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        return TypedResults.Empty;
    }

    // A character may be cut in two: its bytes wait for the rest.
    private static async Task SendPiecesAsync(
        Stream output, long offset, EventWriter events, CancellationToken cancellation)
    {
        Decoder decoder = Encoding.UTF8.GetDecoder();
        byte[] chunk = new byte[ChunkSize];
        char[] text = new char[ChunkSize + 1];
        Task<int> reading = output.ReadAsync(chunk, cancellation).AsTask();
        while (true)
        {
            try
            {
                int count = await reading.WaitAsync(EventWriter.Beat, cancellation).ConfigureAwait(false);
                offset += count;
                int length = decoder.GetChars(chunk.AsSpan(0, count), text, flush: count == 0);
                if (length > 0)
                {
                    await events.SendAsync(
                        "output", new OutputView(new string(text, 0, length), offset), JobsJson.Default.OutputView,
                        offset).ConfigureAwait(false);
                }

                if (count == 0)
                {
                    return;
                }

                reading = output.ReadAsync(chunk, cancellation).AsTask();
            }
            catch (TimeoutException)
            {
                await events.BeatAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task<IResult> SendChangesAsync(
        HttpContext context, IJobs jobs, IHostApplicationLifetime lifetime)
    {
        using CancellationTokenSource end = EndOf(context, lifetime);
        IAsyncEnumerator<JobChange> changes = jobs.WatchAsync(end.Token).GetAsyncEnumerator(end.Token);
        var events = new EventWriter(context.Response, end.Token);
        await IgnoreEndAsync(async () =>
        {
            await events.BeginAsync().ConfigureAwait(false);
            Task<bool> next = changes.MoveNextAsync().AsTask();
            while (true)
            {
                try
                {
                    if (!await next.WaitAsync(EventWriter.Beat, end.Token).ConfigureAwait(false))
                    {
                        return;
                    }

                    await SendAsync(events, changes.Current).ConfigureAwait(false);
                    next = changes.MoveNextAsync().AsTask();
                }
                catch (TimeoutException)
                {
                    await events.BeatAsync().ConfigureAwait(false);
                }
            }
        }).ConfigureAwait(false);
        return TypedResults.Empty;
    }

    private static Task SendAsync(EventWriter events, JobChange change) => change.Job is { } job
        ? events.SendAsync("job", JobView.Of(job), JobsJson.Default.JobView)
        : events.SendAsync("forgotten", new ForgottenView(change.Name), JobsJson.Default.ForgottenView);

    // The position of a browser that reconnects.
    private static long? ResumedAt(HttpRequest request) =>
        long.TryParse(
            request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out long offset)
            ? offset
            : null;

    // The reader has disconnected, or the application is shutting down, which does not wait for streams.
    private static CancellationTokenSource EndOf(HttpContext context, IHostApplicationLifetime lifetime) =>
        CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);

    private static async Task IgnoreEndAsync(Func<Task> send)
    {
        try
        {
            await send().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // As above.
        }
    }
}
