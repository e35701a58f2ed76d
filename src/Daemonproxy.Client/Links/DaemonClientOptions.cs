using System;

namespace Daemonproxy.Client;

/// <summary>The options of a client.</summary>
public sealed record DaemonClientOptions
{
    /// <summary>The default options.</summary>
    public static DaemonClientOptions Default { get; } = new();

    /// <summary>The limit of each attempt to connect, and the bounds of each connection.</summary>
    public ConnectionOptions Connection { get; init; } = ConnectionOptions.Default;

    /// <summary>
    /// The delay after a lost connection; above zero. It doubles with each failed attempt, and with each connection
    /// that is lost before the daemon has answered on it.
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

    /// <summary>The longest delay between two attempts; above zero.</summary>
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
