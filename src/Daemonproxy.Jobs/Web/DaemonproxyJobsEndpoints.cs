using System;
using System.Collections.Generic;
using Daemonproxy.Jobs.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The page of the background jobs, and their API.</summary>
public static class DaemonproxyJobsEndpoints
{
    /// <summary>
    /// Maps the page and the JSON API of <see cref="Daemonproxy.Jobs.IJobs"/>. All requests are answered with 403 until
    /// the application configures who may use them: by <c>RequireAuthorization</c> or <c>AllowAnonymous</c> on the
    /// returned builder.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">The path of the page; the API is below it.</param>
    /// <param name="mayStart">
    /// The policy of users who may start, stop and forget jobs, and see arguments and variables; null for all users of
    /// the page.
    /// </param>
    public static IEndpointConventionBuilder MapDaemonproxyJobs(
        this IEndpointRouteBuilder endpoints, string path = "/jobs", string? mayStart = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);
        RouteGroupBuilder group = endpoints.MapGroup(path);
        var access = new JobsAccess(mayStart);
        group.AddEndpointFilter(access.CheckAsync);
        group.WithTags("Jobs");
        JobsPage.Map(group);
        JobsApi.Map(group, access);
        JobsStreams.Map(group);
        JobsDescription.Map(group, endpoints.ServiceProvider);
        return group;
    }
}
