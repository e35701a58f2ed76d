using System;
using System.Collections.Generic;
using System.IO;

namespace Daemonproxy.Jobs;

/// <summary>A program that is to be run once, in the background.</summary>
/// <remarks>
/// Texts are UTF-8 for the program. A byte that is no UTF-8 is written as the lone surrogate U+DC00 plus the byte. No
/// text can have a NUL in it.
/// </remarks>
public sealed class JobRequest
{
    /// <summary>A request with a program and its arguments.</summary>
    /// <param name="program">The file to execute, searched in PATH; also its argument 0.</param>
    /// <param name="arguments">
    /// The arguments behind it, each up to 131,071 bytes; together as many as execve(2) takes. More than 128 KiB go
    /// through bash, which has to be at /bin/bash or /usr/bin/bash.
    /// </param>
    public JobRequest(string program, params IEnumerable<string> arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        ArgumentNullException.ThrowIfNull(arguments);
        Program = program;
        Arguments = [.. arguments];
    }

    /// <summary>The file to execute.</summary>
    public string Program { get; }

    /// <summary>The arguments.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>
    /// The name of the job: 1 to 20 of <c>A-Z a-z 0-9 . _ -</c>; null for a random one. A name that a job has already,
    /// running or over, is refused: a request that may come twice, and is to be run once, is named.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// Facts to find it by, which the daemon's controllers see. At most 16; keys are 1 to 40 of <c>A-Z a-z 0-9 . _
    /// -</c>, values up to 120 bytes without TAB and line feed.
    /// </summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Variables that are set, or, with null, removed. Up to 128 KiB. The daemon's controllers do not see them.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>True to start from no variables at all, instead of those of the daemon.</summary>
    public bool ClearsEnvironment { get; init; }

    /// <summary>The working directory; null for that of the daemon.</summary>
    public string? Directory { get; init; }

    /// <summary>
    /// What it reads from standard input; null for nothing. It is read to its end, and kept on disk until the job is
    /// over, before the job is accepted. Use a <see cref="MemoryStream"/> for bytes.
    /// </summary>
    public Stream? Input { get; init; }

    /// <summary>Its queue: 1 to 40 of <c>A-Z a-z 0-9 . _ -</c>.</summary>
    public string Queue { get; init; } = "default";

    /// <summary>
    /// How long each try may run; then it is stopped as by <see cref="IJobs.StopAsync"/>. Null for no limit.
    /// </summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>How often it is tried again.</summary>
    public JobRetries Retries { get; init; } = JobRetries.None;

    /// <summary>
    /// How long record and output are kept after its end; null for what the options of the jobs say.
    /// </summary>
    public TimeSpan? KeepFor { get; init; }

    /// <summary>
    /// Resource limits, as <c>service.limits</c> has them: <c>nofile=1024</c>, <c>as=2G</c>, <c>fsize=100M</c>.
    /// </summary>
    public IReadOnlyList<string> Limits { get; init; } = [];
}
