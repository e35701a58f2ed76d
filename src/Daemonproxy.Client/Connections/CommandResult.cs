using System.Collections.Generic;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Client;

/// <summary>The daemon's answer to a command that succeeded.</summary>
public sealed class CommandResult
{
    /// <summary>An empty answer.</summary>
    internal static readonly CommandResult Empty = new();

    /// <summary>Makes an answer; also for tests.</summary>
    /// <param name="warnings">The warnings of the answer.</param>
    /// <param name="answers">The events of the answer.</param>
    /// <param name="descriptor">The received descriptor.</param>
    public CommandResult(
        TextList warnings = default, IReadOnlyList<DaemonEvent>? answers = null, SafeFileHandle? descriptor = null)
    {
        Warnings = warnings;
        Answers = answers ?? [];
        Descriptor = descriptor;
    }

    /// <summary>The warnings that came with the answer.</summary>
    public TextList Warnings { get; }

    /// <summary>
    /// The events of the kinds that the command answers with, received while it ran. State changes are announced to
    /// every controller, so one of them may be caused by another controller. They are in the stream of events as well.
    /// </summary>
    public IReadOnlyList<DaemonEvent> Answers { get; }

    /// <summary>
    /// The descriptor that came with the answer to <c>fd.give</c>; null for all other commands. The caller closes it.
    /// </summary>
    public SafeFileHandle? Descriptor { get; }
}
