using System;
using System.Threading;
using Daemonproxy.Manager.Planning;

namespace Daemonproxy.Manager.Running;

/// <summary>The options of a manager.</summary>
/// <param name="File">The file with the services, or a directory of such files.</param>
public sealed record ManagerOptions(string File)
{
    /// <summary>Receives the lines of its log.</summary>
    public Action<LogLine> Log { get; init; } = static _ => { };

    /// <summary>Cancelled when the manager has to end. The services keep running.</summary>
    public CancellationToken Stopping { get; init; }
}

/// <summary>The end of a manager.</summary>
public enum ManagerEnd
{
    /// <summary>It was stopped; the services keep running.</summary>
    Stopped,

    /// <summary>The daemon has ended.</summary>
    DaemonEnded,

    /// <summary>The file has mistakes, which were logged.</summary>
    BadFile,

    /// <summary>Another manager keeps the services.</summary>
    NotAlone,
}
