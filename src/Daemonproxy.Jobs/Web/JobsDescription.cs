using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Daemonproxy.Jobs.Web;

/// <summary>The description of the API, OpenAPI 3.1: at <c>openapi/daemonproxy-jobs.json</c> below the page.</summary>
internal static class JobsDescription
{
    private const string Document = "daemonproxy-jobs";

    /// <summary>
    /// A separate document, so that it exists whether or not the application has an OpenAPI document.
    /// </summary>
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton<Added>();
        services.AddOpenApi(Document, static options =>
        {
            options.ShouldInclude = static api =>
                api.ActionDescriptor.EndpointMetadata.OfType<JobsEndpoint>().Any();
            options.AddDocumentTransformer(static (document, _, _) =>
            {
                document.Info.Title = "Background jobs";
                document.Info.Description =
                    $"Requests that change something need the header {JobsAccess.Header}. Each fault is a problem"
                    + " document, RFC 9457, whose `fault` is a keyword.";
                document.Info.Version = typeof(JobsDescription).Assembly.GetName().Version!.ToString(3);
                document.Servers = [];
                return Task.CompletedTask;
            });
        });
    }

    public static void Map(RouteGroupBuilder group, IServiceProvider services)
    {
        group.WithMetadata(new JobsEndpoint());
        if (services.GetService<Added>() is null)
        {
            group.MapGet($"/openapi/{Document}.json", TellHowToAdd).ExcludeFromDescription();
            return;
        }

        // Documents of the application are not published here.
        group.MapOpenApi("/openapi/{documentName}.json").AddEndpointFilter(static (invocation, next) =>
            Document.Equals(invocation.HttpContext.GetRouteValue("documentName"))
                ? next(invocation)
                : ValueTask.FromResult<object?>(Problems.Of(
                    StatusCodes.Status404NotFound, "not-found", "There is no such document.")));
    }

    private static IResult TellHowToAdd() => Problems.Of(
        StatusCodes.Status404NotFound,
        "not-found",
        "The application has no description of this API: AddDaemonproxyJobsPage adds it.");

    // Marks the endpoints of the document.
    private sealed class JobsEndpoint;

    // There, if the document was added.
    private sealed class Added;
}
