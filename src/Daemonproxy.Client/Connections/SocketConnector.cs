using System;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>Connects to the control socket; failures have their reason.</summary>
internal static class SocketConnector
{
    /// <summary>The most bytes of a path, unix(7).</summary>
    public const int MostPathBytes = 107;

    // The kernel refuses a connection while the queue of the listener is full: connect(2), EAGAIN. It does not notify
    // anyone when there is room again.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Makes a connection, and waits for the daemon's first answer.</summary>
    /// <exception cref="ConnectFailedException">The daemon did not answer within the limit.</exception>
    public static async Task<DaemonConnection> ConnectAsync(
        string path, ConnectionOptions options, Func<Transport, DaemonConnection> make, CancellationToken cancellation)
    {
        CheckPath(path);
        ArgumentNullException.ThrowIfNull(options);
        var address = new UnixDomainSocketEndPoint(path);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(options.ConnectLimit);
        DaemonConnection? connection = null;
        try
        {
            connection = make(Transport.Over(await OpenAsync(address, limited.Token).ConfigureAwait(false)));
            await connection.SynchronizeAsync(limited.Token).ConfigureAwait(false);
            return connection;
        }
        catch (OperationCanceledException problem)
        {
            await CloseAsync(connection).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            throw new ConnectFailedException(ConnectFailure.NoAnswer, path, problem);
        }
        catch (SocketException problem)
        {
            throw new ConnectFailedException(FailureOf(problem.SocketErrorCode), path, problem);
        }
        catch (ConnectionClosedException problem)
        {
            await CloseAsync(connection).ConfigureAwait(false);
            throw new ConnectFailedException(ConnectFailure.Other, path, problem);
        }
    }

    /// <summary>Checks the path of a socket.</summary>
    /// <exception cref="ArgumentException">The path is empty, or longer than 107 bytes: unix(7).</exception>
    public static void CheckPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Encoding.UTF8.GetByteCount(path) > MostPathBytes)
        {
            throw new ArgumentException(
                $"The path of a socket cannot be longer than {MostPathBytes} bytes: {path}", nameof(path));
        }
    }

    private static ConnectFailure FailureOf(SocketError error) => error switch
    {
        // ENOENT, which .NET maps to an address that is not available.
        SocketError.AddressNotAvailable => ConnectFailure.Missing,
        SocketError.ConnectionRefused => ConnectFailure.NobodyListens,
        SocketError.AccessDenied => ConnectFailure.NotAllowed,
        _ => ConnectFailure.Other,
    };

    private static async Task<Socket> OpenAsync(UnixDomainSocketEndPoint address, CancellationToken cancellation)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(address, cancellation).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException full) when (full.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain)
            {
                socket.Dispose();
                await Task.Delay(_pause, cancellation).ConfigureAwait(false);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private static ValueTask CloseAsync(DaemonConnection? connection) => connection?.DisposeAsync() ?? default;
}
