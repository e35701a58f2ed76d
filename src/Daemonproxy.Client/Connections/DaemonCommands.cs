using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Client;

/// <summary>A method for each command, as extensions of <see cref="IDaemon"/>.</summary>
public static partial class DaemonCommands
{
    // A second of a busy daemon; a megabyte or two at worst.
    private const int UsualCapacity = 16384;

    /// <summary>Runs a command by its name: one of a newer daemon, which has no method here.</summary>
    /// <param name="daemon">The daemon that runs it.</param>
    /// <param name="name">The command.</param>
    /// <param name="fields">Its fields.</param>
    /// <returns>The daemon's answer, once the command is done.</returns>
    /// <exception cref="CommandFailedException">It failed.</exception>
    public static Task<CommandResult> RunAsync(this IDaemon daemon, string name, params ReadOnlySpan<string> fields) =>
        RunAsync(daemon, name, fields, CancellationToken.None);

    /// <summary>Runs a command by its name: one of a newer daemon, which has no method here.</summary>
    /// <param name="daemon">The daemon that runs it.</param>
    /// <param name="name">The command.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="cancellation">Ends the wait for the answer. A command that was sent is run all the same.</param>
    /// <returns>The daemon's answer, once the command is done.</returns>
    /// <exception cref="CommandFailedException">It failed.</exception>
    public static Task<CommandResult> RunAsync(
        this IDaemon daemon, string name, ReadOnlySpan<string> fields, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(daemon);
        return daemon.RunAsync(new DaemonCommand(name, fields), cancellation);
    }

    /// <summary>Gets a descriptor of the daemon: a duplicate, <c>fd.give</c>. Its owner closes it.</summary>
    /// <param name="daemon">The daemon.</param>
    /// <param name="name">The name of the descriptor.</param>
    /// <param name="cancellation">Ends the wait; a descriptor that comes later is closed.</param>
    /// <exception cref="CommandFailedException">
    /// No descriptor has that name, or the connection is not a unix socket.
    /// </exception>
    /// <exception cref="AnswerLostException">The command may have run or not.</exception>
    public static async Task<SafeFileHandle> GetDescriptorAsync(
        this IDaemon daemon, FdName name, CancellationToken cancellation = default)
    {
        CommandResult result = await daemon.FdGiveAsync(name, cancellation).ConfigureAwait(false);
        return result.Descriptor ?? throw new AnswerLostException("fd.give");
    }

    /// <summary>
    /// A subscription with room for 16,384 waiting events: see <see cref="IDaemon.ReadEventsAsync"/>. It begins with
    /// this call, not with the first event that is read.
    /// </summary>
    /// <param name="daemon">The daemon.</param>
    /// <param name="cancellation">Ends the subscription.</param>
    public static IAsyncEnumerable<DaemonEvent> ReadEventsAsync(
        this IDaemon daemon, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(daemon);
        return daemon.ReadEventsAsync(UsualCapacity, cancellation);
    }
}
