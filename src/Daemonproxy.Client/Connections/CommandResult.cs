using System.Collections.Generic;

namespace Daemonproxy.Client;

/// <summary>What the daemon answered to a command that it carried out.</summary>
public sealed class CommandResult
{
    internal CommandResult(TextList warnings, IReadOnlyList<DaemonEvent> answers)
    {
        Warnings = warnings;
        Answers = answers;
    }

    /// <summary>What to look at, though the command was carried out.</summary>
    public TextList Warnings { get; }

    /// <summary>
    /// The events of the kinds that the command answers with, told while it ran. State changes are told to everybody,
    /// so that among them one may be somebody else's. They are in the stream of events as well.
    /// </summary>
    public IReadOnlyList<DaemonEvent> Answers { get; }
}
