using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>
/// The daemon for a controller: a <see cref="DaemonConnection"/>, a <see cref="DaemonClient"/>, or the fake of a test.
/// The methods of <see cref="DaemonCommands"/>, one for each command, call <c>RunAsync</c>, so that a test has one
/// method to write.
/// </summary>
public interface IDaemon
{
    /// <summary>Runs a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Ends the wait for the answer. A command that was sent is run all the same.</param>
    /// <returns>The daemon's answer, once the command is done.</returns>
    /// <exception cref="CommandFailedException">The command failed, and changed nothing.</exception>
    /// <exception cref="AnswerLostException">The command may have run or not.</exception>
    /// <exception cref="ConnectionClosedException">The connection ended before the answer.</exception>
    /// <exception cref="ObjectDisposedException">This side has closed the connection.</exception>
    Task<CommandResult> RunAsync(DaemonCommand command, CancellationToken cancellation = default);

    /// <summary>Waits until all commands called before are done.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ConnectionClosedException">The connection ended before that.</exception>
    Task SynchronizeAsync(CancellationToken cancellation = default);

    /// <summary>
    /// A subscription: the events from now on, including answers to commands, except their errors and warnings. It ends
    /// with the last event. Each call makes a separate subscription.
    /// </summary>
    /// <param name="capacity">
    /// The most events that may wait to be read, 1 to 16,777,216. When there are more, the waiting ones are discarded,
    /// and the next event is an <see cref="OverflowEvent"/>.
    /// </param>
    /// <param name="cancellation">Ends the subscription.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is out of its bounds.</exception>
    IAsyncEnumerable<DaemonEvent> ReadEventsAsync(int capacity, CancellationToken cancellation = default);

    /// <summary>The model of the daemon's state, once it is complete. From then on it follows the events.</summary>
    /// <param name="cancellation">Ends the wait for it.</param>
    /// <exception cref="ConnectionClosedException">The connection ended before that.</exception>
    Task<DaemonState> FollowStateAsync(CancellationToken cancellation = default);
}
