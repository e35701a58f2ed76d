using System;

namespace Daemonproxy.Client;

/// <summary>The options of a connection.</summary>
public sealed record ConnectionOptions
{
    /// <summary>The default options.</summary>
    public static ConnectionOptions Default { get; } = new();

    /// <summary>
    /// The most bytes of commands that wait to be sent; 8,192 to 1,073,741,824. A call beyond that blocks its thread
    /// until there is room: see
    /// <see cref="DaemonConnection.WaitForRoomAsync"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its bounds.</exception>
    public int MostUnsent
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 8192);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1 << 30);
            field = value;
        }
    } = 256 * 1024;

    /// <summary>
    /// The time limit of an attempt to connect, including the first answer of the daemon; above zero.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above zero.</exception>
    public TimeSpan ConnectLimit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromSeconds(10);
}
