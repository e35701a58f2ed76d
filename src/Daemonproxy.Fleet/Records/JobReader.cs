using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using Daemonproxy.Jobs;
using StackExchange.Redis;

namespace Daemonproxy.Fleet.Records;

/// <summary>Reads the record of a job, which Scripts/common.lua describes.</summary>
internal static class JobReader
{
    /// <summary>The fields that make a <see cref="JobInfo"/>, in the order of <see cref="Read"/>.</summary>
    public static readonly RedisValue[] Fields =
    [
        "id", "seq", "st", "prog", "q", "tags", "att", "retr", "created", "started", "ended", "due", "limit", "kept",
        "pid", "code", "sig", "fstep", "ferr", "fsub", "why", "stop", "out", "agent", "fence", "outk",
    ];

    /// <summary>Reads one; null if there is none.</summary>
    public static JobInfo? Read(string name, RedisValue[] values)
    {
        if (values[0].IsNull)
        {
            return null;
        }

        JobStatus status = StatusOf(values[2].ToString());
        bool hasRun = !values[24].IsNull && (long)values[24] > 0;
        bool isOver = status >= JobStatus.Succeeded;
        long printed = (long?)values[22] ?? 0;
        long kept = (long?)values[25] ?? 0;
        string? reason = values[20];
        return new JobInfo
        {
            Name = name,
            Id = values[0].ToString(),
            Sequence = (long)values[1],
            Status = status,
            Program = values[3].ToString(),
            Queue = values[4].ToString(),
            Tags = TagsOf(values[5]),
            Attempt = ((int?)values[6] ?? 0) + (status is JobStatus.Starting or JobStatus.Running ? 1 : 0),
            MostAttempts = ((int?)values[7] ?? 0) + 1,
            Created = TimeOf(values[8]) ?? default,
            Started = TimeOf(values[9]),
            Ended = isOver ? TimeOf(values[10]) : null,
            NextTry = status == JobStatus.Queued ? TimeOf(values[11]) : null,
            TimeLimit = values[12].IsNullOrEmpty ? null : TimeSpan.FromMilliseconds((long)values[12]),
            KeptUntil = isOver ? TimeOf(values[13]) : null,
            Pid = (int?)values[14],
            ExitCode = (int?)values[15],
            Signal = values[16],
            Failure = values[17].IsNull
                ? null
                : new JobFailure(values[17].ToString(), values[18].ToString(), values[19].ToString()),
            Reason = kept < printed
                ? $"{reason} Of its output of {printed} bytes the first {kept} are kept.".TrimStart()
                : reason,
            IsStopAsked = !values[21].IsNull,
            OutputPath = "",
            OutputSize = printed,
            Machine = hasRun ? values[23].ToString() : null,
            Fence = hasRun ? (long)values[24] : 0,
        };
    }

    /// <summary>The word of a status in Redis.</summary>
    public static string WordOf(JobStatus status) => status switch
    {
        JobStatus.Queued => "queued",
        JobStatus.Starting => "starting",
        JobStatus.Running => "running",
        JobStatus.Succeeded => "succeeded",
        JobStatus.Failed => "failed",
        JobStatus.Stopped => "stopped",
        JobStatus.TimedOut => "timed-out",
        _ => "lost",
    };

    private static JobStatus StatusOf(string word) => word switch
    {
        "queued" => JobStatus.Queued,
        "starting" => JobStatus.Starting,
        "running" => JobStatus.Running,
        "succeeded" => JobStatus.Succeeded,
        "failed" => JobStatus.Failed,
        "stopped" => JobStatus.Stopped,
        "timed-out" => JobStatus.TimedOut,
        _ => JobStatus.Lost,
    };

    private static Dictionary<string, string> TagsOf(RedisValue json) =>
        json.IsNullOrEmpty
            ? []
            : JsonSerializer.Deserialize(json.ToString(), SpecJson.Default.DictionaryStringString) ?? [];

    private static DateTimeOffset? TimeOf(RedisValue value) =>
        value.IsNullOrEmpty
            ? null
            : DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(value.ToString(), CultureInfo.InvariantCulture));
}
