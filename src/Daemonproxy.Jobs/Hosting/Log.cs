using System;
using Daemonproxy.Client;
using Daemonproxy.Jobs.Planning;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Daemonproxy.Jobs.Hosting;

/// <summary>The log messages. They never contain arguments or variables.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Job {Name} is accepted: {Program}, queue {Queue}")]
    public static partial void Accepted(ILogger log, string name, string program, string queue);

    [LoggerMessage(2, LogLevel.Debug, "Job {Name}, try {Attempt}: {Result} {Reason}")]
    public static partial void Launched(ILogger log, string name, int attempt, LaunchResult result, string? reason);

    [LoggerMessage(3, LogLevel.Information, "Job {Name} is over: {Status}, {End}")]
    public static partial void Ended(ILogger log, string name, JobStatus status, string end);

    [LoggerMessage(4, LogLevel.Debug, "Job {Name} is being stopped; SIGKILL comes after {Seconds} s")]
    public static partial void Stopping(ILogger log, string name, int seconds);

    [LoggerMessage(5, LogLevel.Debug, "Job {Name} is forgotten")]
    public static partial void Forgotten(ILogger log, string name);

    [LoggerMessage(6, LogLevel.Information, "Connected to the daemon at {Socket}")]
    public static partial void Connected(ILogger log, string socket);

    [LoggerMessage(7, LogLevel.Error, "{Message} Unrecorded jobs are not started; the write is tried again.")]
    public static partial void RecordsFail(ILogger log, Exception problem, string message);

    [LoggerMessage(8, LogLevel.Information, "The records of jobs can be written again")]
    public static partial void RecordsWorkAgain(ILogger log);

    [LoggerMessage(9, LogLevel.Error, "{Message}")]
    public static partial void Conflict(ILogger log, string message);

    [LoggerMessage(10, LogLevel.Warning, "The daemon refuses the mark of this application: {Message}")]
    public static partial void MarkFails(ILogger log, string message);

    [LoggerMessage(11, LogLevel.Critical, "An unexpected error occurred; other jobs continue")]
    public static partial void Unexpected(ILogger log, Exception problem);

    [LoggerMessage(12, LogLevel.Warning, "The daemon at {Socket} is away, jobs wait for it: {Reason}")]
    public static partial void Away(ILogger log, string socket, string reason);

    [LoggerMessage(13, LogLevel.Debug, "The state of the daemon at {Socket} is read: {Reason}")]
    public static partial void Reading(ILogger log, string socket, string reason);

    /// <summary>Logs the status of the connection to the daemon.</summary>
    public static void Link(ILogger log, string socket, LinkStatus status)
    {
        switch (status.State)
        {
            case LinkState.Connected:
                Connected(log, socket);
                break;
            case LinkState.Gap:
                Reading(log, socket, status.Reason);
                break;
            default:
                Away(log, socket, status.Reason);
                break;
        }
    }
}
