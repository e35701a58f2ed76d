using System;
using System.Threading;
using Daemonproxy.Manager.Planning;

namespace Daemonproxy.Manager.Running;

/// <summary>How a manager runs.</summary>
/// <param name="File">The file with the services, or a directory of such files.</param>
public sealed record ManagerOptions(string File)
{
    /// <summary>Where its log goes.</summary>
    public Action<LogLine> Log { get; init; } = static _ => { };

    /// <summary>Is cancelled when the manager shall end. The services go on.</summary>
    public CancellationToken Stopping { get; init; }
}

/// <summary>How a manager ended.</summary>
public enum ManagerEnd
{
    /// <summary>It was asked to; the services go on.</summary>
    Stopped,

    /// <summary>The daemon has ended.</summary>
    DaemonEnded,

    /// <summary>The file has mistakes, which were logged.</summary>
    BadFile,

    /// <summary>Another manager keeps the services.</summary>
    NotAlone,
}
