using System;

namespace Daemonproxy.Client;

/// <summary>How a client behaves.</summary>
public sealed record DaemonClientOptions
{
    /// <summary>The options that are used where none are given.</summary>
    public static DaemonClientOptions Default { get; } = new();

    /// <summary>The limit of each attempt to connect, and the bounds of each connection.</summary>
    public ConnectionOptions Connection { get; init; } = ConnectionOptions.Default;

    /// <summary>
    /// How long to wait after a connection was lost; above zero. The wait doubles with each attempt that fails, and
    /// with each connection that is lost before the daemon has answered on it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above zero.</exception>
    public TimeSpan FirstDelay
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait between two attempts; above zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above zero.</exception>
    public TimeSpan MostDelay
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromSeconds(5);
}
