using System.Collections.Generic;

namespace Daemonproxy.Client;

/// <summary>The answer to a command that was carried out.</summary>
/// <param name="Answer">The event that the command emitted.</param>
/// <param name="Streamed">The events that the command streamed before.</param>
public sealed record CommandResult<T>(T Answer, IReadOnlyList<DaemonEvent> Streamed)
    where T : DaemonEvent;
