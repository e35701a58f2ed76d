using System;
using System.IO;

namespace Daemonproxy.Client;

/// <summary>The reason why a connection failed.</summary>
public enum ConnectFailure
{
    /// <summary>There is no file at the path.</summary>
    Missing,

    /// <summary>
    /// There is a file at the path, and no process listens: the daemon has ended, or the file is not a socket.
    /// </summary>
    NobodyListens,

    /// <summary>This user may not open the socket, or may not search a directory of the path.</summary>
    NotAllowed,

    /// <summary>
    /// The daemon does not answer: all its connection slots are in use, or it is stopped. The kernel accepts
    /// connections on its behalf meanwhile.
    /// </summary>
    NoAnswer,

    /// <summary>Another reason: see the inner exception.</summary>
    Other,
}

/// <summary>The connection failed.</summary>
public sealed class ConnectFailedException : IOException
{
    internal ConnectFailedException(ConnectFailure failure, string path, Exception? cause)
        : base(Text(failure, path, cause), cause)
    {
        Failure = failure;
        Path = path;
    }

    /// <summary>The reason.</summary>
    public ConnectFailure Failure { get; }

    /// <summary>The path of the socket.</summary>
    public string Path { get; }

    private static string Text(ConnectFailure failure, string path, Exception? cause) => failure switch
    {
        ConnectFailure.Missing => $"There is no socket {path}: the daemon does not run, or it listens elsewhere.",
        ConnectFailure.NobodyListens => $"No process listens on {path}: the daemon has ended, or it is not a socket.",
        ConnectFailure.NotAllowed => $"This user may not open {path}.",
        ConnectFailure.NoAnswer =>
            $"The daemon at {path} does not answer: it has no place for another controller, or is stopped.",
        _ => $"{path}: {cause?.Message}",
    };
}
