using System;
using System.Collections.Generic;

namespace Daemonproxy.Jobs;

/// <summary>A job, as it was at one moment.</summary>
public sealed record JobInfo
{
    /// <summary>Its name, by which it is found: 1 to 20 of <c>A-Z a-z 0-9 . _ -</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What no other job ever has, whatever their names: 16 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its place in the order in which jobs were started; the position of a page of a list.</summary>
    public required long Sequence { get; init; }

    /// <summary>How it stands.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>Its program, without arguments, which may be secrets.</summary>
    public required string Program { get; init; }

    /// <summary>Its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } =
        System.Collections.Frozen.FrozenDictionary<string, string>.Empty;

    /// <summary>The number of the current or last try, from 1; 0 before the first one.</summary>
    public int Attempt { get; init; }

    /// <summary>How many tries it has at most.</summary>
    public int MostAttempts { get; init; } = 1;

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When its last try began to run; null if none did.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When its last try ended; null while it runs, and before.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>When the next try is due; null if none is planned.</summary>
    public DateTimeOffset? NextTry { get; init; }

    /// <summary>How long it may run.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>When record and output are removed; null while it is not over.</summary>
    public DateTimeOffset? KeptUntil { get; init; }

    /// <summary>The process that runs or ran last.</summary>
    public int? Pid { get; init; }

    /// <summary>The exit code of the last try; null if it did not exit.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that killed the last try, such as <c>SIGKILL</c>.</summary>
    public string? Signal { get; init; }

    /// <summary>Why the last try could not execute its program; null if it did.</summary>
    public JobFailure? Failure { get; init; }

    /// <summary>One sentence about what holds it up, or what is not known; null if there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>True from the moment somebody asked for its stop.</summary>
    public bool IsStopAsked { get; init; }

    /// <summary>
    /// The file that has what it prints, standard output and standard error; empty where that is not in a file of this
    /// machine. <see cref="IJobs.OpenOutputAsync"/> reads it in any case.
    /// </summary>
    public required string OutputPath { get; init; }

    /// <summary>How many bytes it has printed.</summary>
    public long OutputSize { get; init; }

    /// <summary>Which of its processes a stop reaches.</summary>
    public JobReach Reach { get; init; }

    /// <summary>The machine that runs it or ran it last, where there are several; null before.</summary>
    public string? Machine { get; init; }

    /// <summary>
    /// The number of its last run, where there are several machines: it grows with each, and the program has it in the
    /// variable <c>DAEMONPROXY_FENCE</c>. 0 where there is none.
    /// </summary>
    public long Fence { get; init; }

    /// <summary>True once it is over, and will not be tried again.</summary>
    public bool IsOver => Status >= JobStatus.Succeeded;
}
