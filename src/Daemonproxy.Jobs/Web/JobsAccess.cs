using System;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Daemonproxy.Jobs.Web;

/// <summary>An endpoint that starts or changes something, or shows arguments and variables.</summary>
/// <param name="IsChange">True if it changes something.</param>
internal sealed record StarterOnly(bool IsChange);

/// <summary>
/// Controls access to the page and the API. Nobody has access until the application configures it. Changes are accepted
/// only from scripts of the same origin, since forms and links of other sites cannot send a custom header. Some
/// endpoints are only for users who may start jobs.
/// </summary>
/// <param name="mayStart">The policy of users who may start jobs; null for all users.</param>
internal sealed class JobsAccess(string? mayStart)
{
    /// <summary>The header of requests that change something. Its value does not matter.</summary>
    public const string Header = "X-Daemonproxy-Jobs";

    /// <summary>Refuses a request or passes it on; faults of jobs become problem documents.</summary>
    public async ValueTask<object?> CheckAsync(
        EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        HttpContext context = invocation.HttpContext;
        JobsHeaders.Set(context.Response);
        EndpointMetadataCollection metadata = context.GetEndpoint()!.Metadata;
        if (metadata.GetMetadata<IAuthorizeData>() is null && metadata.GetMetadata<AuthorizationPolicy>() is null
            && metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            return Problems.Of(
                StatusCodes.Status403Forbidden,
                "nobody-may",
                "The application has not configured who may see its jobs: RequireAuthorization or AllowAnonymous of"
                + " MapDaemonproxyJobs.");
        }

        if (metadata.GetMetadata<StarterOnly>() is { } starter)
        {
            if (starter.IsChange && StringValues.IsNullOrEmpty(context.Request.Headers[Header]))
            {
                return Problems.Of(
                    StatusCodes.Status400BadRequest, "header-missing", $"A change needs the header {Header}: 1.");
            }

            if (!await MayStartAsync(context).ConfigureAwait(false))
            {
                return Problems.Of(
                    StatusCodes.Status403Forbidden,
                    "may-not-start",
                    "This user may see jobs, but not start or stop them.");
            }
        }

        try
        {
            return await next(invocation).ConfigureAwait(false);
        }
        catch (JobsException problem)
        {
            return Problems.Of(problem);
        }
    }

    /// <summary>True if the user may start jobs.</summary>
    public async Task<bool> MayStartAsync(HttpContext context)
    {
        if (mayStart is null)
        {
            return true;
        }

        IAuthorizationService service = context.RequestServices.GetRequiredService<IAuthorizationService>();
        AuthorizationResult result = await service.AuthorizeAsync(context.User, context, mayStart)
            .ConfigureAwait(false);
        return result.Succeeded;
    }
}
