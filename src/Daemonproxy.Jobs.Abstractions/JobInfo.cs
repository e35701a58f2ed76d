using System;
using System.Collections.Generic;

namespace Daemonproxy.Jobs;

/// <summary>A snapshot of a job.</summary>
public sealed record JobInfo
{
    /// <summary>Its unique name: 1 to 20 of <c>A-Z a-z 0-9 . _ -</c>.</summary>
    public required string Name { get; init; }

    /// <summary>An identifier that no other job ever has: 16 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its number in the order in which jobs were accepted; lists are paged by it.</summary>
    public required long Sequence { get; init; }

    /// <summary>Its status.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>Its program, without the arguments, since they may contain secrets.</summary>
    public required string Program { get; init; }

    /// <summary>Its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } =
        System.Collections.Frozen.FrozenDictionary<string, string>.Empty;

    /// <summary>The number of the current or last try, from 1; 0 before the first one.</summary>
    public int Attempt { get; init; }

    /// <summary>The most tries that it may have.</summary>
    public int MostAttempts { get; init; } = 1;

    /// <summary>The time at which it was accepted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The time at which its last try began to run; null if none did.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>The time at which its last try ended; null before that.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The time of the next try; null if none is planned.</summary>
    public DateTimeOffset? NextTry { get; init; }

    /// <summary>The time that each try may run.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The time at which record and output are removed; null until the job is over.</summary>
    public DateTimeOffset? KeptUntil { get; init; }

    /// <summary>The process that runs or ran last.</summary>
    public int? Pid { get; init; }

    /// <summary>The exit code of the last try; null if it did not exit.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that killed the last try, such as <c>SIGKILL</c>.</summary>
    public string? Signal { get; init; }

    /// <summary>Why the last try could not execute its program; null if it did.</summary>
    public JobFailure? Failure { get; init; }

    /// <summary>One sentence: the reason for a delay or a failure; null if there is none.</summary>
    public string? Reason { get; init; }

    /// <summary>True once a stop was requested.</summary>
    public bool IsStopAsked { get; init; }

    /// <summary>
    /// The file of its standard output and standard error; empty if the output is not in a file of this machine. <see
    /// cref="IJobs.OpenOutputAsync"/> reads the output in any case.
    /// </summary>
    public required string OutputPath { get; init; }

    /// <summary>The number of bytes that it has printed.</summary>
    public long OutputSize { get; init; }

    /// <summary>The processes of the job that a stop reaches.</summary>
    public JobReach Reach { get; init; }

    /// <summary>The machine of its current or last run, in a fleet; null before the first run.</summary>
    public string? Machine { get; init; }

    /// <summary>
    /// The fencing number of its last run, in a fleet. It grows with each run; the program has it in the variable
    /// <c>DAEMONPROXY_FENCE</c>. 0 if the job has none.
    /// </summary>
    public long Fence { get; init; }

    /// <summary>True once the job is over and will not be tried again.</summary>
    public bool IsOver => Status >= JobStatus.Succeeded;
}
