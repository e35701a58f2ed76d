using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Daemonproxy.Jobs.Web;

/// <summary>The JSON API, apart from its streams.</summary>
internal static class JobsApi
{
    // Arguments and variables of the largest request, and an input.
    private const long MostBody = 64 * 1024 * 1024;

    public static void Map(RouteGroupBuilder group, JobsAccess access)
    {
        group.MapGet("/api/jobs", ListAsync)
            .WithName("ListJobs")
            .WithSummary("A page of jobs, newest first")
            .WithDescription("Query: status (may come several times), queue, tag=KEY=VALUE (may come several times),"
                + " text, before (`next` of the previous page), most (1 to 1,000).")
            .Produces<JobPageView>().ProducesProblem(400);
        group.MapPost("/api/jobs", StartAsync)
            .WithName("StartJob")
            .WithSummary("Starts a job; the job is recorded when the request is answered")
            .Accepts<RequestView>("application/json")
            .WithMetadata(new StarterOnly(IsChange: true), new SizeLimit())
            .Produces<JobView>(201).ProducesProblem(400).ProducesProblem(403).ProducesProblem(409)
            .ProducesProblem(413).ProducesProblem(503).ProducesProblem(507);
        group.MapGet("/api/jobs/{name}", GetAsync)
            .WithName("GetJob").WithSummary("A job").Produces<JobView>().ProducesProblem(404);
        group.MapGet("/api/jobs/{name}/request", GetRequestAsync)
            .WithName("GetJobRequest")
            .WithSummary("The request of a job, with its arguments and variables")
            .WithMetadata(new StarterOnly(IsChange: false))
            .Produces<RequestView>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(410);
        group.MapPost("/api/jobs/{name}/stop", StopAsync)
            .WithName("StopJob")
            .WithSummary("Stops a job: SIGTERM, and SIGKILL to its whole tree after `seconds` of the query")
            .WithMetadata(new StarterOnly(IsChange: true))
            .Produces(202).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/api/jobs/{name}/again", AgainAsync)
            .WithName("StartJobAgain")
            .WithSummary("Starts a job with the request of this one")
            .WithMetadata(new StarterOnly(IsChange: true))
            .Produces<JobView>(201).ProducesProblem(403).ProducesProblem(404).ProducesProblem(410);
        group.MapDelete("/api/jobs/{name}", ForgetAsync)
            .WithName("ForgetJob")
            .WithSummary("Removes the record and the output of a finished job")
            .WithMetadata(new StarterOnly(IsChange: true))
            .Produces(204).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);
        group.MapGet("/api/counts", CountAsync)
            .WithName("CountJobs").WithSummary("The number of jobs of each status")
            .Produces<Dictionary<string, int>>();
        group.MapGet(
                "/api/access",
                async (HttpContext context, IJobs jobs) => TypedResults.Json(
                    new AccessView(await access.MayStartAsync(context).ConfigureAwait(false), jobs is IFleet),
                    JobsJson.Default.AccessView))
            .WithName("GetJobsAccess").WithSummary("The rights of the user").Produces<AccessView>();
        group.MapGet("/api/fleet", GetFleetAsync)
            .WithName("GetFleet")
            .WithSummary("Machines and queues, where the jobs run on a fleet")
            .Produces<FleetView>().ProducesProblem(404);

        // Routing itself would answer without a problem document.
        group.Map("/api/{**rest}", static (HttpContext context) => NoRequest(context.Request)).ExcludeFromDescription();
    }

    /// <summary>Reads a number of the query; null if it is absent.</summary>
    /// <exception cref="JobsException">The value is not a number.</exception>
    public static long? NumberOf(HttpRequest request, string name)
    {
        string? text = request.Query[name];
        return string.IsNullOrEmpty(text)
            ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                ? number
                : throw Wrong($"{name} must be a number of 0 or more.");
    }

    private static async Task<IResult> ListAsync(HttpContext context, IJobs jobs)
    {
        JobFilter filter = FilterOf(context.Request);
        JobPage page = await jobs.ListAsync(filter, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.Json(
            new JobPageView([.. page.Jobs.Select(JobView.Of)], page.Next), JobsJson.Default.JobPageView);
    }

    private static JobFilter FilterOf(HttpRequest request)
    {
        Dictionary<string, string> tags = [];
        foreach (string? tag in request.Query["tag"])
        {
            string[] parts = (tag ?? "").Split('=', 2);
            tags[parts[0]] = parts.Length == 2 ? parts[1] : throw Wrong("tag must be KEY=VALUE.");
        }

        return new JobFilter
        {
            Statuses = [.. request.Query["status"].Select(StatusOf)],
            Queue = NullIfEmpty(request.Query["queue"]),
            Text = NullIfEmpty(request.Query["text"]),
            Tags = tags,
            Before = NumberOf(request, "before"),
            Most = (int)Math.Min(NumberOf(request, "most") ?? 100, int.MaxValue),
        };
    }

    private static JobStatus StatusOf(string? word) =>
        Enum.TryParse(word, ignoreCase: true, out JobStatus status) && Enum.IsDefined(status)
            && !char.IsAsciiDigit(word![0])
            ? status
            : throw Wrong($"status must be one of {string.Join(", ", Enum.GetNames<JobStatus>())}.");

    private static async Task<IResult> StartAsync(HttpContext context, IJobs jobs)
    {
        RequestView? body;
        try
        {
            body = await context.Request.ReadFromJsonAsync(JobsJson.Default.RequestView, context.RequestAborted)
                .ConfigureAwait(false);
        }
        catch (JsonException problem)
        {
            throw new JobsException(JobsFault.BadRequest, Explain(problem), problem);
        }
        catch (BadHttpRequestException problem) when (problem.StatusCode == 413)
        {
            throw new JobsException(JobsFault.TooLarge, "The body has at most 64 MiB.", problem);
        }

        JobRequest request = RequestOf(body ?? throw Wrong("The body must be an object."));
        return Created(context, await jobs.StartAsync(request, context.RequestAborted).ConfigureAwait(false));
    }

    // The error for a body that is not a request; an unknown field is usually misspelt.
    private static string Explain(JsonException problem)
    {
        string[] fields = [.. JobsJson.Default.RequestView.Properties.Select(static field => field.Name)];
        return problem.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal)
            && path[2..].Split('.', '[')[0] is { Length: > 0 } field && !fields.Contains(field)
            ? $"A request has no field '{field}'. It has {string.Join(", ", fields)}."
            : $"The body is not a valid request: {problem.Message}";
    }

    private static IResult NoRequest(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && !request.HasJsonContentType()
            && request.Path.Value!.EndsWith("/api/jobs", StringComparison.Ordinal)
            ? Problems.Of(415, "not-json", "The body must be JSON, with that Content-Type.")
            : Problems.Of(
                404, "no-such-request",
                $"{request.Method} {request.Path} is not in the API: see openapi/daemonproxy-jobs.json.");

    private static async Task<IResult> GetAsync(string name, HttpContext context, IJobs jobs) => TypedResults.Json(
        JobView.Of(await jobs.GetAsync(name, context.RequestAborted).ConfigureAwait(false)), JobsJson.Default.JobView);

    private static async Task<IResult> GetRequestAsync(string name, HttpContext context, IJobs jobs)
    {
        JobRequest request = await jobs.GetRequestAsync(name, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.Json(ViewOf(request), JobsJson.Default.RequestView);
    }

    private static async Task<IResult> StopAsync(string name, HttpContext context, IJobs jobs)
    {
        TimeSpan? grace = NumberOf(context.Request, "seconds") is { } seconds
            ? TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue))
            : null;
        await jobs.StopAsync(name, grace, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.StatusCode(202);
    }

    private static async Task<IResult> AgainAsync(string name, HttpContext context, IJobs jobs)
    {
        JobRequest request = await jobs.GetRequestAsync(name, context.RequestAborted).ConfigureAwait(false);
        return Created(context, await jobs.StartAsync(request, context.RequestAborted).ConfigureAwait(false));
    }

    private static async Task<IResult> ForgetAsync(string name, HttpContext context, IJobs jobs)
    {
        await jobs.ForgetAsync(name, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> CountAsync(HttpContext context, IJobs jobs)
    {
        IReadOnlyDictionary<JobStatus, int> counts =
            await jobs.CountAsync(context.RequestAborted).ConfigureAwait(false);
        return TypedResults.Json(
            counts.ToDictionary(static count => count.Key.ToString(), static count => count.Value),
            JobsJson.Default.DictionaryStringInt32);
    }

    private static async Task<IResult> GetFleetAsync(HttpContext context, IJobs jobs)
    {
        if (jobs is not IFleet fleet)
        {
            return Problems.Of(404, "no-fleet", "The jobs of this application run on its machine: there is no fleet.");
        }

        FleetStatus status = await fleet.GetStatusAsync(context.RequestAborted).ConfigureAwait(false);
        return TypedResults.Json(FleetView.Of(status), JobsJson.Default.FleetView);
    }

    // The Location of the job, below the path of the list, also for requests to `…/NAME/again`.
    private static JsonHttpResult<JobView> Created(HttpContext context, JobInfo job)
    {
        string path = context.Request.PathBase + context.Request.Path;
        int list = path.LastIndexOf("/api/jobs", StringComparison.Ordinal);
        context.Response.Headers.Location = $"{path[..list]}/api/jobs/{job.Name}";
        return TypedResults.Json(JobView.Of(job), JobsJson.Default.JobView, statusCode: 201);
    }

    private static JobRequest RequestOf(RequestView body)
    {
        if (body.Program.Length == 0)
        {
            throw Wrong("A job needs a program.");
        }

        if (body.Arguments.Concat(body.Limits).Any(static text => text is null))
        {
            throw Wrong("Arguments and limits must be texts.");
        }

        if (body is { Input: not null, InputBytes: not null })
        {
            throw Wrong("A job can have input or inputBytes, not both.");
        }

        byte[]? input = body.InputBytes ?? (body.Input is null ? null : Encoding.UTF8.GetBytes(body.Input));
        return new JobRequest(body.Program, body.Arguments)
        {
            Name = NullIfEmpty(body.Name),
            Tags = body.Tags,
            Environment = body.Environment,
            ClearsEnvironment = body.ClearsEnvironment,
            Directory = NullIfEmpty(body.Directory),
            Input = input is null ? null : new MemoryStream(input),
            Queue = body.Queue,
            TimeLimit = TimeOf(body.TimeLimitSeconds),
            Retries = body.Retries is { } retries
                ? new JobRetries(retries.Most)
                {
                    FirstDelay = TimeOf(retries.FirstDelaySeconds)!.Value,
                    MostDelay = TimeOf(retries.MostDelaySeconds)!.Value,
                }
                : JobRetries.None,
            KeepFor = TimeOf(body.KeepForSeconds),
            Limits = body.Limits,
        };
    }

    private static RequestView ViewOf(JobRequest request) => new()
    {
        Program = request.Program,
        Arguments = request.Arguments,
        Tags = request.Tags,
        Environment = request.Environment,
        ClearsEnvironment = request.ClearsEnvironment,
        Directory = request.Directory,
        InputBytes = (request.Input as MemoryStream)?.ToArray(),
        Queue = request.Queue,
        TimeLimitSeconds = request.TimeLimit?.TotalSeconds,
        Retries = new RetriesView
        {
            Most = request.Retries.Most,
            FirstDelaySeconds = request.Retries.FirstDelay.TotalSeconds,
            MostDelaySeconds = request.Retries.MostDelay.TotalSeconds,
        },
        KeepForSeconds = request.KeepFor?.TotalSeconds,
        Limits = request.Limits,
    };

    private static TimeSpan? TimeOf(double? seconds) => seconds switch
    {
        null => null,
        >= 0 and < 1e9 => TimeSpan.FromSeconds(seconds.Value),
        _ => throw Wrong("A time must be 0 seconds or more, and less than 1,000,000,000."),
    };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static JobsException Wrong(string text) => new(JobsFault.BadRequest, text);

    private sealed class SizeLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => MostBody;
    }
}
