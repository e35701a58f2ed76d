using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Daemonproxy.Client;
using Daemonproxy.Control.Kernel;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Verbs;

namespace Daemonproxy.Control.Connecting;

/// <summary>
/// Finds the daemon: at the socket of <c>-S</c>, at that of DAEMONPROXY_SOCKET, or else at that of the system or of the
/// user. It never starts a daemon.
/// </summary>
internal static class SocketFinder
{
    private const string OfSystem = "/run/daemonproxy.sock";
    private const string Name = "daemonproxy.sock";

    /// <summary>The time limit for the daemon's answer.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads the daemon's state once.</summary>
    /// <exception cref="Problem">There is no daemon; the message has the paths that were tried.</exception>
    public static (string Path, DaemonReading Reading) Read(VerbCall call) => Read(call, Limit);

    /// <summary>Reads the daemon's state once, within a time.</summary>
    /// <exception cref="Problem">There is no daemon; the message has the paths that were tried.</exception>
    public static (string Path, DaemonReading Reading) Read(VerbCall call, TimeSpan limit) =>
        Find(call, path => DaemonReading.Read(path, limit));

    /// <summary>Connects to it.</summary>
    /// <exception cref="Problem">There is no daemon; the message has the paths that were tried.</exception>
    public static (string Path, DaemonConnection Connection) Connect(VerbCall call) =>
        Find(call, path => DaemonConnection.ConnectAsync(path, Limit).GetAwaiter().GetResult());

    private static (string Path, T Found) Find<T>(VerbCall call, Func<string, T> attempt)
    {
        List<ConnectFailedException> failures = [];
        foreach (string path in Candidates(call.Socket))
        {
            try
            {
                return (path, attempt(path));
            }
            catch (ConnectFailedException failure)
            {
                failures.Add(failure);
            }
            catch (ArgumentException)
            {
                throw Problem.Usage($"{VisibleText.Of(path)} is longer than 107 bytes, the most of a socket's path");
            }
        }

        throw Explain(failures);
    }

    private static List<string> Candidates(string? given)
    {
        if (string.IsNullOrEmpty(given))
        {
            given = Environment.GetEnvironmentVariable("DAEMONPROXY_SOCKET");
        }

        if (!string.IsNullOrEmpty(given))
        {
            return [given];
        }

        string? folder = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return string.IsNullOrEmpty(folder) ? [OfSystem] : [OfSystem, Path.Combine(folder, Name)];
    }

    private static Problem Explain(List<ConnectFailedException> failures)
    {
        ConnectFailedException? refused = failures.Find(failure =>
            failure.Failure is not (ConnectFailure.Missing or ConnectFailure.NobodyListens));
        if (refused is not null)
        {
            return new Problem(ExitCode.NoDaemon, VisibleText.Of(refused.Path) + refused.Failure switch
            {
                ConnectFailure.NotAllowed => $": Permission denied{OwnerOf(refused.Path)}",
                ConnectFailure.NoAnswer =>
                    $": no answer within {Limit.TotalSeconds} s: all connections taken?",
                _ => $": {ReasonOf(refused)}",
            });
        }

        string[] places =
        [
            .. failures.Select(failure => VisibleText.Of(failure.Path)
                + (failure.Failure == ConnectFailure.Missing ? " (No such file or directory)"
                    : FileFacts.Of(failure.Path) is { IsSocket: false } ? " (no socket)"
                    : " (nobody listens)")),
        ];
        return new Problem(
            ExitCode.NoDaemon, $"no daemon at {string.Join(" nor at ", places)}: daemonproxy -c FILE -S PATH");
    }

    private static string ReasonOf(ConnectFailedException failure) =>
        failure.InnerException switch
        {
            SocketException { NativeErrorCode: > 0 } cause => Marshal.GetPInvokeErrorMessage(cause.NativeErrorCode),
            IOException cause and not ConnectionClosedException => cause.Message,
            _ => "the connection was lost",
        };

    private static string OwnerOf(string path) => FileFacts.Of(path) is { } facts
        ? $" (it is {UserNames.Of(facts.Owner)}'s, mode {Convert.ToString(facts.Mode, 8).PadLeft(4, '0')})"
        : "";
}
