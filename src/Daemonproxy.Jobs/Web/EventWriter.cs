using System;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Daemonproxy.Jobs.Web;

/// <summary>Writes server-sent events in the format of the HTML standard. The data is one line of JSON.</summary>
internal sealed class EventWriter(HttpResponse response, CancellationToken cancellation)
{
    /// <summary>Proxies cut a connection on which nothing is sent for a minute or so.</summary>
    public static TimeSpan Beat { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Sends the headers and the reconnection time of browsers.</summary>
    public async Task BeginAsync()
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await SendAsync("retry: 1000\n\n").ConfigureAwait(false);
    }

    public Task SendAsync<T>(string name, T data, JsonTypeInfo<T> type, long? id = null)
    {
        string json = JsonSerializer.Serialize(data, type);
        return SendAsync(
            id is null ? $"event: {name}\ndata: {json}\n\n" : $"event: {name}\nid: {id}\ndata: {json}\n\n");
    }

    public Task BeatAsync() => SendAsync(": still here\n\n");

    private async Task SendAsync(string text)
    {
        await response.WriteAsync(text, cancellation).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellation).ConfigureAwait(false);
    }
}
