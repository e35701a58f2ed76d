using System;
using System.Collections.Generic;
using System.IO;

namespace Daemonproxy.Jobs;

/// <summary>A request to run a program once, in the background.</summary>
/// <remarks>
/// Texts are UTF-8 for the program. A byte that is not UTF-8 is the lone surrogate U+DC00 plus the byte. No text may
/// contain a NUL.
/// </remarks>
public sealed class JobRequest
{
    /// <summary>A request with a program and its arguments.</summary>
    /// <param name="program">The file to execute, searched in PATH; also its argument 0.</param>
    /// <param name="arguments">
    /// The further arguments, each up to 131,071 bytes; together as many as execve(2) allows. More than 128 KiB are
    /// passed through bash, which has to be at /bin/bash or /usr/bin/bash.
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
    /// The name of the job: 1 to 20 of <c>A-Z a-z 0-9 . _ -</c>; null for a random one. A name that another job has,
    /// running or finished, is refused. So give a name to a request that may be sent twice and must run once.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// Tags to find the job by; the daemon's controllers see them. At most 16; keys are 1 to 40 of <c>A-Z a-z 0-9 . _
    /// -</c>, values up to 120 bytes without TAB and line feed.
    /// </summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Variables to set, or, with null, to remove. Up to 128 KiB. The daemon's controllers do not see them.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>True to start with an empty environment instead of the daemon's.</summary>
    public bool ClearsEnvironment { get; init; }

    /// <summary>The working directory; null for that of the daemon.</summary>
    public string? Directory { get; init; }

    /// <summary>
    /// Its standard input; null for none. The stream is read to its end before the job is accepted, and the data are
    /// kept on disk until the job is over. Use a <see cref="MemoryStream"/> for bytes.
    /// </summary>
    public Stream? Input { get; init; }

    /// <summary>Its queue: 1 to 40 of <c>A-Z a-z 0-9 . _ -</c>.</summary>
    public string Queue { get; init; } = "default";

    /// <summary>
    /// The time that each try may run; then it is stopped as by <see cref="IJobs.StopAsync"/>. Null for no limit.
    /// </summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The retries.</summary>
    public JobRetries Retries { get; init; } = JobRetries.None;

    /// <summary>
    /// The time for which record and output are kept after its end; null for the value of the options.
    /// </summary>
    public TimeSpan? KeepFor { get; init; }

    /// <summary>
    /// Resource limits, in the form of <c>service.limits</c>: <c>nofile=1024</c>, <c>as=2G</c>, <c>fsize=100M</c>.
    /// </summary>
    public IReadOnlyList<string> Limits { get; init; } = [];
}
