using System;
using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace Daemonproxy.Jobs.Web;

/// <summary>A job in the API.</summary>
internal sealed record JobView
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    public required long Sequence { get; init; }

    public required JobStatus Status { get; init; }

    public required string Program { get; init; }

    public required string Queue { get; init; }

    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    public required int Attempt { get; init; }

    public required int MostAttempts { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    public DateTimeOffset? NextTry { get; init; }

    public double? TimeLimitSeconds { get; init; }

    public DateTimeOffset? KeptUntil { get; init; }

    public int? Pid { get; init; }

    public int? ExitCode { get; init; }

    public string? Signal { get; init; }

    public JobFailure? Failure { get; init; }

    public string? Reason { get; init; }

    public required bool IsStopAsked { get; init; }

    public required bool IsOver { get; init; }

    public required long OutputSize { get; init; }

    public required JobReach Reach { get; init; }

    public string? Machine { get; init; }

    public long? Fence { get; init; }

    public static JobView Of(JobInfo job) => new()
    {
        Name = job.Name,
        Id = job.Id,
        Sequence = job.Sequence,
        Status = job.Status,
        Program = job.Program,
        Queue = job.Queue,
        Tags = job.Tags,
        Attempt = job.Attempt,
        MostAttempts = job.MostAttempts,
        Created = job.Created,
        Started = job.Started,
        Ended = job.Ended,
        NextTry = job.NextTry,
        TimeLimitSeconds = job.TimeLimit?.TotalSeconds,
        KeptUntil = job.KeptUntil,
        Pid = job.Pid,
        ExitCode = job.ExitCode,
        Signal = job.Signal,
        Failure = job.Failure,
        Reason = job.Reason,
        IsStopAsked = job.IsStopAsked,
        IsOver = job.IsOver,
        OutputSize = job.OutputSize,
        Reach = job.Reach,
        Machine = job.Machine,
        Fence = job.Fence > 0 ? job.Fence : null,
    };
}

/// <summary>A page of jobs, newest first.</summary>
/// <param name="Jobs">The jobs.</param>
/// <param name="Next">The value of <c>before</c> for the next page; left out at the end.</param>
internal sealed record JobPageView(IReadOnlyList<JobView> Jobs, long? Next);

/// <summary>The rights of the user.</summary>
/// <param name="MayStart">Start, stop and forget jobs, and see arguments and variables.</param>
/// <param name="HasFleet">True if the jobs run on a fleet of machines, which the API shows.</param>
internal sealed record AccessView(bool MayStart, bool HasFleet);

/// <summary>Retries of a request.</summary>
internal sealed record RetriesView
{
    public int Most { get; set; }

    public double FirstDelaySeconds { get; set; } = 1;

    public double MostDelaySeconds { get; set; } = 300;
}

/// <summary>The request of a job, to start it or to read it.</summary>
/// <remarks>Optional properties have a setter: the generated reader gives init-only properties no default.</remarks>
internal sealed record RequestView
{
    public required string Program { get; init; }

    public IReadOnlyList<string> Arguments { get; set; } = [];

    public string? Name { get; set; }

    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();

    /// <summary>Variables; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; set; } = new Dictionary<string, string?>();

    public bool ClearsEnvironment { get; set; }

    public string? Directory { get; set; }

    /// <summary>Standard input as text.</summary>
    public string? Input { get; set; }

    /// <summary>Standard input as bytes, in base64.</summary>
    public byte[]? InputBytes { get; set; }

    public string Queue { get; set; } = "default";

    public double? TimeLimitSeconds { get; set; }

    public RetriesView? Retries { get; set; }

    public double? KeepForSeconds { get; set; }

    public IReadOnlyList<string> Limits { get; set; } = [];
}

/// <summary>A piece of a job's output in a stream of events.</summary>
/// <param name="Text">The text; bytes that are not UTF-8 are U+FFFD.</param>
/// <param name="Next">The offset of the next piece.</param>
internal sealed record OutputView(string Text, long Next);

/// <summary>A job that was forgotten.</summary>
/// <param name="Name">Its name.</param>
internal sealed record ForgottenView(string Name);

/// <summary>JSON of the API: camelCase, statuses as words, nothing that is null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(JobPageView))]
[JsonSerializable(typeof(AccessView))]
[JsonSerializable(typeof(FleetView))]
[JsonSerializable(typeof(RequestView))]
[JsonSerializable(typeof(OutputView))]
[JsonSerializable(typeof(ForgottenView))]
[JsonSerializable(typeof(Dictionary<string, int>))]
internal sealed partial class JobsJson : JsonSerializerContext;
