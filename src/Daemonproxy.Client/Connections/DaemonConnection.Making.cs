using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>The methods that make a connection.</summary>
public sealed partial class DaemonConnection
{
    /// <summary>
    /// Connects to the control socket at a path, and waits for the first answer, for up to 10 seconds.
    /// </summary>
    /// <param name="path">Where the daemon listens: its option <c>--socket</c>, or <c>socket.create</c>.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="ConnectFailedException">There is no connection; it says why, and the path.</exception>
    /// <exception cref="ArgumentException">The path is empty, or longer than 107 bytes.</exception>
    public static Task<DaemonConnection> ConnectAsync(string path, CancellationToken cancellation = default) =>
        ConnectAsync(path, ConnectionOptions.Default, cancellation);

    /// <summary>Connects to the control socket at a path, and waits for the first answer.</summary>
    /// <param name="path">Where the daemon listens: its option <c>--socket</c>, or <c>socket.create</c>.</param>
    /// <param name="limit">
    /// The time limit. If all connection slots of the daemon are in use, it answers when one of them is free.
    /// </param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="ConnectFailedException">There is no connection; it says why, and the path.</exception>
    /// <exception cref="ArgumentException">The path is empty, or longer than 107 bytes; or the limit is not above
    /// zero.</exception>
    public static Task<DaemonConnection> ConnectAsync(
        string path, TimeSpan limit, CancellationToken cancellation = default) =>
        ConnectAsync(path, new ConnectionOptions { ConnectLimit = limit }, cancellation);

    /// <summary>Connects to the control socket at a path, and waits for the first answer.</summary>
    /// <param name="path">Where the daemon listens: its option <c>--socket</c>, or <c>socket.create</c>.</param>
    /// <param name="options">The limit of the attempt, and the bounds of the connection.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="ConnectFailedException">There is no connection; it says why, and the path.</exception>
    /// <exception cref="ArgumentException">The path is empty, or longer than 107 bytes.</exception>
    public static Task<DaemonConnection> ConnectAsync(
        string path, ConnectionOptions options, CancellationToken cancellation = default) =>
        SocketConnector.ConnectAsync(
            path, options, transport => new DaemonConnection(transport, options), cancellation);

    /// <summary>
    /// Uses the descriptors with which the daemon started this process as a service: <c>control.event</c> and
    /// <c>control.cmd</c>, in that order, or twice the number of <c>control.socket</c>. No other code may read or write
    /// them: with the defaults, the daemon would run output of <see cref="Console.Write(string)"/> as commands.
    /// </summary>
    /// <param name="events">The number of the descriptor of events.</param>
    /// <param name="commands">The number of the descriptor of commands.</param>
    /// <param name="options">The bounds of the connection.</param>
    /// <exception cref="ArgumentException">Both numbers are equal, and the descriptor is not a socket.</exception>
    public static DaemonConnection Inherit(int events = 0, int commands = 1, ConnectionOptions? options = null) =>
        new(Transport.Over(events, commands), options);

    /// <summary>
    /// Makes a connection over two streams, such as those of a process that was started with <c>-i</c>, or of a test.
    /// </summary>
    /// <param name="events">The stream of events.</param>
    /// <param name="commands">The stream of commands.</param>
    /// <param name="options">The bounds of the connection.</param>
    public static DaemonConnection Over(Stream events, Stream commands, ConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(commands);
        return new DaemonConnection(new Transport(events, commands, sender: null, receiver: null), options);
    }
}
