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
    /// Maps the page and the JSON API of <see cref="Daemonproxy.Jobs.IJobs"/>. All of it answers 403 until it is said
    /// who may use it: by <c>RequireAuthorization</c>, or by <c>AllowAnonymous</c>, of what this returns.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">Where: the page is at this path, the API below it.</param>
    /// <param name="mayStart">
    /// The policy of those who may start, stop and forget jobs, and see arguments and variables; null for all who may
    /// see the page.
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
