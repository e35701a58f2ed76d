using System.Collections.Generic;
using Microsoft.AspNetCore.Http;

namespace Daemonproxy.Jobs.Web;

/// <summary>Faults as problem documents, RFC 9457.</summary>
internal static class Problems
{
    public static IResult Of(JobsException problem) =>
        Of(StatusOf(problem.Fault), WordOf(problem.Fault), problem.Message);

    /// <summary>A problem.</summary>
    /// <param name="status">The status of HTTP.</param>
    /// <param name="fault">One word for programs.</param>
    /// <param name="detail">One sentence for people.</param>
    public static IResult Of(int status, string fault, string detail) => TypedResults.Problem(
        detail,
        statusCode: status,
        title: TitleOf(status),
        type: $"urn:daemonproxy:jobs:{fault}",
        extensions: [KeyValuePair.Create<string, object?>("fault", fault)]);

    private static int StatusOf(JobsFault fault) => fault switch
    {
        JobsFault.BadRequest => StatusCodes.Status400BadRequest,
        JobsFault.NotFound => StatusCodes.Status404NotFound,
        JobsFault.NameTaken or JobsFault.NotOver or JobsFault.IsOver => StatusCodes.Status409Conflict,
        JobsFault.OutputGone => StatusCodes.Status410Gone,
        JobsFault.TooLarge => StatusCodes.Status413PayloadTooLarge,
        JobsFault.DiskFull => StatusCodes.Status507InsufficientStorage,
        JobsFault.Storage => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    private static string WordOf(JobsFault fault) => fault switch
    {
        JobsFault.BadRequest => "bad-request",
        JobsFault.NotFound => "not-found",
        JobsFault.NameTaken => "name-taken",
        JobsFault.NotOver => "not-over",
        JobsFault.IsOver => "is-over",
        JobsFault.TooLarge => "too-large",
        JobsFault.QueueFull => "queue-full",
        JobsFault.DiskFull => "disk-full",
        JobsFault.Storage => "storage",
        JobsFault.DirectoryInUse => "directory-in-use",
        JobsFault.ApplicationTaken => "application-taken",
        JobsFault.NotAllowed => "not-allowed",
        JobsFault.OutputGone => "output-gone",
        _ => "not-running",
    };

    private static string TitleOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request is not valid",
        StatusCodes.Status403Forbidden => "Not allowed",
        StatusCodes.Status404NotFound => "Not found",
        StatusCodes.Status409Conflict => "The job is in another state",
        StatusCodes.Status410Gone => "It is gone",
        StatusCodes.Status413PayloadTooLarge => "Too large",
        StatusCodes.Status415UnsupportedMediaType => "Not JSON",
        StatusCodes.Status507InsufficientStorage => "The disk is full",
        StatusCodes.Status503ServiceUnavailable => "Not possible now",
        _ => "The records of jobs fail",
    };
}
