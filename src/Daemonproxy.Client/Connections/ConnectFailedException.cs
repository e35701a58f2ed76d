using System;
using System.IO;

namespace Daemonproxy.Client;

/// <summary>Why there is no connection.</summary>
public enum ConnectFailure
{
    /// <summary>There is no file at the path.</summary>
    Missing,

    /// <summary>There is a file at the path, and nobody listens: the daemon has ended, or it is no socket.</summary>
    NobodyListens,

    /// <summary>This user may not open the socket, or not search a directory before it.</summary>
    NotAllowed,

    /// <summary>
    /// The daemon does not answer: all its places for controllers are taken, or it is stopped. The kernel accepts
    /// connections on its behalf meanwhile.
    /// </summary>
    NoAnswer,

    /// <summary>Something else, which the inner exception says.</summary>
    Other,
}

/// <summary>No connection was made.</summary>
public sealed class ConnectFailedException : IOException
{
    internal ConnectFailedException(ConnectFailure failure, string path, Exception? cause)
        : base(Text(failure, path, cause), cause)
    {
        Failure = failure;
        Path = path;
    }

    /// <summary>What is wrong.</summary>
    public ConnectFailure Failure { get; }

    /// <summary>The path of the socket.</summary>
    public string Path { get; }

    private static string Text(ConnectFailure failure, string path, Exception? cause) => failure switch
    {
        ConnectFailure.Missing => $"There is no socket {path}: the daemon does not run, or it listens elsewhere.",
        ConnectFailure.NobodyListens => $"Nobody listens on {path}: the daemon has ended, or the file is no socket.",
        ConnectFailure.NotAllowed => $"This user may not open {path}.",
        ConnectFailure.NoAnswer =>
            $"The daemon at {path} does not answer: it has no place for another controller, or is stopped.",
        _ => $"{path}: {cause?.Message}",
    };
}
