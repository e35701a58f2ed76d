using System.Collections.Generic;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Client;

/// <summary>The daemon's answer to a command that succeeded.</summary>
public sealed class CommandResult
{
    /// <summary>An answer without anything in it.</summary>
    internal static readonly CommandResult Empty = new();

    /// <summary>An answer, as a test may need one.</summary>
    /// <param name="warnings">The warnings that came with it.</param>
    /// <param name="answers">The events that are the answer.</param>
    /// <param name="descriptor">The descriptor that came along.</param>
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
    /// The events of the kinds that the command answers with, told while it ran. State changes are told to everybody,
    /// so that among them one may be somebody else's. They are in the stream of events as well.
    /// </summary>
    public IReadOnlyList<DaemonEvent> Answers { get; }

    /// <summary>
    /// The descriptor that came with the answer to <c>fd.give</c>; null for all other commands. Whoever takes it closes
    /// it.
    /// </summary>
    public SafeFileHandle? Descriptor { get; }
}
