using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>
/// A daemon that a controller talks to: a <see cref="DaemonConnection"/>, a <see cref="DaemonClient"/>, or what a test
/// has in their place. The methods of <see cref="DaemonCommands"/>, one for each command, call <c>RunAsync</c>, so
/// that a test has one method to write.
/// </summary>
public interface IDaemon
{
    /// <summary>Runs a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Ends the wait for the answer. A command that was sent is run all the same.</param>
    /// <returns>What the daemon answered, once the command is done.</returns>
    /// <exception cref="CommandFailedException">It failed, and changed nothing.</exception>
    /// <exception cref="AnswerLostException">It may have been run, or not.</exception>
    /// <exception cref="ConnectionClosedException">The connection ended before the answer.</exception>
    /// <exception cref="ObjectDisposedException">It was called after the end by this side.</exception>
    Task<CommandResult> RunAsync(DaemonCommand command, CancellationToken cancellation = default);

    /// <summary>Waits until all commands called before are done.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ConnectionClosedException">The connection ended before that.</exception>
    Task SynchronizeAsync(CancellationToken cancellation = default);

    /// <summary>
    /// A subscription: the events from now on, what is answered to commands among them, except for their errors and
    /// warnings. It ends with the last event. Each call makes one of its own.
    /// </summary>
    /// <param name="capacity">
    /// How many events may wait to be read, 1 to 16,777,216. When there are more, those that wait are discarded, and
    /// the next one is an <see cref="OverflowEvent"/>.
    /// </param>
    /// <param name="cancellation">Ends the subscription.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is out of its bounds.</exception>
    IAsyncEnumerable<DaemonEvent> ReadEventsAsync(int capacity, CancellationToken cancellation = default);

    /// <summary>The model of the daemon's state, once it is complete. From then on it follows the events.</summary>
    /// <param name="cancellation">Ends the wait for it.</param>
    /// <exception cref="ConnectionClosedException">The connection ended before that.</exception>
    Task<DaemonState> FollowStateAsync(CancellationToken cancellation = default);
}
