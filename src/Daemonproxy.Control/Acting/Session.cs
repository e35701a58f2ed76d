using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Connecting;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Verbs;

namespace Daemonproxy.Control.Acting;

/// <summary>A connection whose state is followed, and ^C.</summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly CancellationTokenSource _interrupted = new();
    private readonly PosixSignalRegistration _interrupt;

    private Session(string path, DaemonConnection connection, DaemonState state)
    {
        Path = path;
        Connection = connection;
        State = state;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            _interrupted.Cancel();
        });
    }

    /// <summary>The path of the socket.</summary>
    public string Path { get; }

    public DaemonConnection Connection { get; }

    public DaemonState State { get; }

    /// <summary>Cancelled by ^C.</summary>
    public CancellationToken Interrupted => _interrupted.Token;

    /// <summary>Runs an action over a connection; the exit code.</summary>
    /// <exception cref="Problem">There is no daemon, or the connection was lost, or a command failed.</exception>
    public static int Run(VerbCall call, Func<Session, Task<int>> action)
    {
        (string path, DaemonConnection connection) = SocketFinder.Connect(call);
        try
        {
            return RunAsync(path, connection, action).GetAwaiter().GetResult();
        }
        catch (ConnectionClosedException)
        {
            throw new Problem(ExitCode.NoDaemon, $"the connection to {VisibleText.Of(path)} was lost");
        }
        catch (CommandFailedException failure)
        {
            throw Explain(failure);
        }
        catch (TimeoutException)
        {
            throw new Problem(
                ExitCode.NoDaemon, $"{VisibleText.Of(path)}: no answer within {SocketFinder.Limit.TotalSeconds} s");
        }
    }

    /// <summary>The current services, in order of their names.</summary>
    public List<ServiceView> Views() => ServiceView.All(State.Current, Instant.Now);

    /// <summary>The current state of a service; null if there is none.</summary>
    public ServiceView? View(string name) =>
        State.Current.Services.TryGetValue(name, out ServiceInfo? service)
            ? new ServiceView(service, Instant.Now)
            : null;

    /// <summary>The error of a command, for people.</summary>
    public static Problem Explain(CommandFailedException failure) => failure.Kind == ErrorKind.NotAllowed
        ? new Problem(ExitCode.NoDaemon, "this socket may only watch: status, events, top, wait, tail")
        : new Problem(ExitCode.Failed, VisibleText.Of(failure.Text));

    public async ValueTask DisposeAsync()
    {
        _interrupt.Dispose();
        _interrupted.Dispose();
        await Connection.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(
        string path, DaemonConnection connection, Func<Session, Task<int>> action)
    {
        DaemonState state = await connection.FollowStateAsync().WaitAsync(SocketFinder.Limit).ConfigureAwait(false);
        await using var session = new Session(path, connection, state);
        return await action(session).ConfigureAwait(false);
    }
}
