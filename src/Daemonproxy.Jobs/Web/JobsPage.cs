using System;
using System.IO;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Daemonproxy.Jobs.Web;

/// <summary>The page: five files that are in the assembly, without a framework and a build step.</summary>
internal static class JobsPage
{
    private static readonly byte[] _page = Read("index.html");
    private static readonly byte[] _script = Read("jobs.js");
    private static readonly byte[] _fleet = Read("fleet.js");
    private static readonly byte[] _style = Read("jobs.css");
    private static readonly byte[] _icon = Read("jobs.svg");

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/", SendPage).ExcludeFromDescription();
        group.MapGet("/jobs.js", static (HttpContext context) => Send(context, _script, "text/javascript"))
            .ExcludeFromDescription();
        group.MapGet("/fleet.js", static (HttpContext context) => Send(context, _fleet, "text/javascript"))
            .ExcludeFromDescription();
        group.MapGet("/jobs.css", static (HttpContext context) => Send(context, _style, "text/css"))
            .ExcludeFromDescription();
        group.MapGet("/jobs.svg", static (HttpContext context) => Send(context, _icon, "image/svg+xml"))
            .ExcludeFromDescription();
    }

    // The page names its files relative to itself, so that it works below any path.
    private static IResult SendPage(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!request.Path.HasValue || !request.Path.Value.EndsWith('/'))
        {
            return TypedResults.Redirect($"{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}/");
        }

        JobsHeaders.SetPage(context.Response);
        return Send(context, _page, "text/html");
    }

    private static FileContentHttpResult Send(HttpContext context, byte[] content, string type)
    {
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(content, $"{type}; charset=utf-8");
    }

    private static byte[] Read(string name)
    {
        using Stream content = typeof(JobsPage).Assembly.GetManifestResourceStream($"Daemonproxy.Jobs.Page.{name}")
            ?? throw new InvalidOperationException($"{name} is not in the assembly");
        var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }
}
